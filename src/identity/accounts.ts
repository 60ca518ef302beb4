import type { AuthDeps, BetterAuth } from "#identity/auth.js";
import { addressHeader, authPath } from "#identity/auth-path.js";

/** People's accounts: signing up and in, sessions, tenants. */
export interface Accounts {
  /** Answers a request below `/auth`. */
  handle(request: Request, address: string): Promise<Response>;
  /** The profile that the session cookie belongs to; undefined without a valid one. */
  session(headers: Headers): Promise<{ profileId: string; tenantId: string | null } | undefined>;
  /** Sets the password of a person who has none, and signs them in. Returns the cookies to set. */
  setFirstPassword(
    person: { profileId: string; email: string },
    password: string,
    address: string,
  ): Promise<string[]>;
}

/**
 * Better Auth counts the owners before it removes one: two requests at once would each find the other owner still
 * there.
 */
const changesMembers = /\/organization\/(leave|remove-member|update-member-role)$/;

/** `publicUrl` is asked at the first use: a port may be chosen late. */
export function createAccounts(deps: LateDeps): Accounts {
  let made: Promise<BetterAuth> | undefined;
  const auth = () => {
    made ??= load(deps);
    return made;
  };

  return {
    async handle(request, address) {
      request.headers.set(addressHeader, address);
      const { handler } = await auth();
      if (!changesMembers.test(new URL(request.url).pathname)) return handler(request);
      const response = await deps.database.locked("owners", () => handler(request));
      if (response.ok) await deps.membersChanged();
      return response;
    },
    async session(headers) {
      const found = await (await auth()).api.getSession({ headers, query: { disableRefresh: true } });
      if (!found) return undefined;
      const { activeOrganizationId } = found.session as { activeOrganizationId?: string | null };
      return { profileId: found.user.id, tenantId: activeOrganizationId ?? null };
    },
    async setFirstPassword({ profileId, email }, password, address) {
      const { internalAdapter, password: hasher } = await (await auth()).$context;
      await internalAdapter.linkAccount({
        userId: profileId,
        providerId: "credential",
        accountId: profileId,
        password: await hasher.hash(password),
      });
      const url = deps.publicUrl();
      const response = await this.handle(
        new Request(`${url}${authPath}/sign-in/email`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: new URL(url).origin },
          body: JSON.stringify({ email, password }),
        }),
        address,
      );
      return response.headers.getSetCookie();
    },
  };
}

interface LateDeps extends Omit<AuthDeps, "publicUrl"> {
  publicUrl: () => string;
  /** Somebody has left a tenant, or has another role there. */
  membersChanged: () => Promise<void>;
}

/** At the first use: to load Better Auth takes longer than all the rest of a start. */
async function load(deps: LateDeps): Promise<BetterAuth> {
  const { createBetterAuth } = await import("#identity/auth.js");
  return createBetterAuth({ ...deps, publicUrl: deps.publicUrl() });
}

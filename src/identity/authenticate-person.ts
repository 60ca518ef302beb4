import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { Accounts } from "#identity/accounts.js";
import { bearerToken } from "#identity/bearer.js";
import type { VerifyJwt } from "#identity/jwt.js";
import { toPerson } from "#identity/person.js";
import type { Member, MembershipRows } from "#store/membership-rows.js";

/** The parts of a request that say who it is from. */
export interface Credentials {
  method: string;
  headers: Headers;
}

/** Turns a session cookie or a JWT into the person, or refuses. Role and plan are read from the database each time. */
export type AuthenticatePerson = (credentials: Credentials) => Promise<Person>;

interface Deps {
  accounts: Accounts;
  memberships: MembershipRows;
  verifyJwt: VerifyJwt;
  publicUrl: () => string;
}

export function createAuthenticatePerson(deps: Deps): AuthenticatePerson {
  const { accounts, memberships, verifyJwt, publicUrl } = deps;

  async function bySession(credentials: Credentials): Promise<Member | undefined> {
    refuseForeignOrigin(credentials, publicUrl());
    const session = await accounts.session(credentials.headers);
    if (!session) return undefined;
    const { profileId, tenantId } = session;
    const chosen = tenantId === null ? undefined : await memberships.find(profileId, tenantId);
    if (chosen) return chosen;
    // The person does not belong to the session's tenant any more.
    const first = await memberships.first(profileId);
    return first === undefined ? undefined : memberships.find(profileId, first);
  }

  async function byJwt(token: string): Promise<Member | undefined> {
    const claims = await verifyJwt(token);
    return claims && memberships.find(claims.profileId, claims.tenantId);
  }

  return async (credentials) => {
    const authorization = credentials.headers.get("authorization");
    const member =
      authorization === null ? await bySession(credentials) : await byJwt(bearerToken(authorization) ?? "");
    if (member) return toPerson(member);
    throw new SkillettError("unauthorized", {
      message: "Sign in, or send a valid JWT as `Authorization: Bearer …` (GET /auth/token gives one).",
    });
  };
}

/** A browser adds cookies by itself, so a request that changes something must come from a page of ours. */
function refuseForeignOrigin({ method, headers }: Credentials, publicUrl: string): void {
  if (method === "GET" || method === "HEAD") return;
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const ours =
    origin === null ? !site || site === "same-origin" || site === "none" : isOurs(origin, publicUrl);
  if (ours) return;
  throw new SkillettError("forbidden", {
    message: "This request comes from a page of another site, and was not carried out.",
  });
}

const isOurs = (origin: string, publicUrl: string) => origin === new URL(publicUrl).origin;

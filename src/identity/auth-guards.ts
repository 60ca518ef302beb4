import { APIError, createAuthMiddleware } from "better-auth/api";
import { sha256 } from "#core/digest.js";
import { roles } from "#core/permissions.js";
import type { InvitationLinks } from "#identity/invitation-links.js";
import type { SignUp } from "#identity/sign-up.js";
import type { Throttle } from "#identity/throttle.js";

/** Tries per account in a quarter of an hour, whoever makes them. */
const perAccount = { max: 20, windowSeconds: 900 };
const guarded = ["/sign-in/email", "/request-password-reset", "/send-verification-email"];

const longestName = 100;
const giveRoles = ["/organization/invite-member", "/organization/update-member-role"];

const answersInvitation = ["/organization/accept-invitation", "/organization/reject-invitation"];

interface Deps {
  signUp: SignUp;
  throttle: Throttle;
  links: InvitationLinks;
}

/**
 * Runs before Better Auth's own routes: who may sign up, how often an account may be tried, and what names and
 * roles may be.
 */
export function guardSignIn({ signUp, throttle, links }: Deps) {
  return createAuthMiddleware(async ({ path, body, query }) => {
    const email = typeof body?.email === "string" ? body.email.trim().toLowerCase() : "";
    refuseLongName(body?.name ?? body?.data?.name);
    if (giveRoles.includes(path)) refuseUnknownRole(body?.role);
    if (
      path === "/sign-up/email" &&
      !(await signUp.isAllowed(email, links.open(textOf(body?.invitationId))))
    ) {
      throw new APIError("FORBIDDEN", { message: closed(signUp) });
    }
    if (guarded.includes(path) && email !== "") {
      const { allowed, retryAfterSeconds } = await throttle.take(`account/${sha256(email)}`, perAccount);
      if (!allowed) {
        throw new APIError(
          "TOO_MANY_REQUESTS",
          { message: "Too many tries for this account. Wait a quarter of an hour." },
          { "Retry-After": String(retryAfterSeconds) },
        );
      }
    }
    if (path === "/organization/cancel-invitation") {
      const id = textOf(body?.invitationId);
      return { context: { body: { ...body, invitationId: links.open(id) ?? id } } };
    }
    if (answersInvitation.includes(path)) {
      return { context: { body: { ...body, invitationId: openLink(links, body?.invitationId) } } };
    }
    if (path === "/organization/get-invitation") {
      return { context: { query: { ...query, id: openLink(links, query?.id) } } };
    }
    return undefined;
  });
}

/** Who invites learns what the link ends with, and can hand it on. */
export function tellInvitationLink({ links }: Pick<Deps, "links">) {
  return createAuthMiddleware(async ({ path, context: { returned }, json }) => {
    if (path !== "/organization/invite-member" || !isInvitation(returned)) return undefined;
    return json({ ...returned, id: links.sign(returned.id) });
  });
}

const isInvitation = (value: unknown): value is { id: string } =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";

function refuseLongName(name: unknown): void {
  if (typeof name !== "string" || name.length <= longestName) return;
  throw new APIError("BAD_REQUEST", { message: `name: must have at most ${longestName} characters` });
}

/** Better Auth would take several at once; what a person may do follows from one. */
function refuseUnknownRole(role: unknown): void {
  if (roles.some((known) => known === role)) return;
  throw new APIError("BAD_REQUEST", { message: `role: must be one of ${roles.join(", ")}` });
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** The id behind the end of an invitation's link. */
function openLink(links: InvitationLinks, signed: unknown): string {
  const id = links.open(textOf(signed));
  if (id !== undefined) return id;
  throw new APIError("BAD_REQUEST", {
    message: "There is no such invitation. Open the link as it was sent.",
  });
}

function closed({ policy }: SignUp): string {
  return policy === "invite"
    ? "Accounts are made by invitation here: open the link of yours, and sign up with the address it was sent to."
    : "Sign-up is closed here. The owner of this instance can open it (SKILLETT_SIGN_UP).";
}

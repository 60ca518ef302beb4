import { APIError, createAuthMiddleware } from "better-auth/api";
import { isLongerThan } from "#core/characters.js";
import type { Clock } from "#core/clock.js";
import { roles } from "#core/permissions.js";
import type { AccountTries } from "#identity/account-tries.js";
import type { InvitationLinks } from "#identity/invitation-links.js";
import { type KnownDevices, knownDeviceSeconds } from "#identity/known-devices.js";
import type { SignUp } from "#identity/sign-up.js";
import type { SessionRows } from "#store/session-rows.js";

const maxNameLength = 100;
/** @see NIST SP 800-63B §3.1.1.2 (each code point is a character) */
export const passwordLength = { min: 8, max: 128 };
const giveRoles = ["/organization/invite-member", "/organization/update-member-role"];

const answersInvitation = ["/organization/accept-invitation", "/organization/reject-invitation"];

interface Deps {
  signUp: SignUp;
  tries: AccountTries;
  devices: KnownDevices;
  sessions: Pick<SessionRows, "endProofs">;
  links: InvitationLinks;
  clock: Clock;
}

/**
 * Runs before Better Auth's own routes: checks who may sign up, how often an account may be tried, and names and
 * roles.
 */
export function guardSignIn(deps: Pick<Deps, "signUp" | "tries" | "devices" | "links" | "clock">) {
  const { signUp, tries, links } = deps;
  return createAuthMiddleware(async (ctx) => {
    const { path, body, query } = ctx;
    const email = emailOf(body);
    refuseLong("name", body?.name ?? body?.data?.name, maxNameLength);
    const password = body?.newPassword ?? (path === "/sign-up/email" ? body?.password : undefined);
    refuseShort("password", password, passwordLength.min);
    refuseLong("password", password, passwordLength.max);
    if (giveRoles.includes(path)) refuseUnknownRole(body?.role);
    if (
      path === "/sign-up/email" &&
      !(await signUp.isAllowed(email, links.open(textOf(body?.invitationId))))
    ) {
      throw new APIError("FORBIDDEN", { message: closed(signUp) });
    }
    const wait = await tries.take({ path, email, device: deviceOf(ctx, deps, email) });
    if (wait !== undefined) throw tooManyTries(path, wait);
    if (path === "/organization/invite-member") {
      // Sending the same invitation again would not be counted, so it has to be canceled and made once more.
      return { context: { body: { ...body, resend: false } } };
    }
    if (path === "/change-password") return { context: { body: { ...body, revokeOtherSessions: true } } };
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

/**
 * Runs after Better Auth's own routes. The browser of a sign-in becomes a known device; a new password ends what the
 * person had proven or allowed before it, as `endProofs` says; and a person who invites gets the end of the link, to
 * pass it on.
 */
export function completeSignIn(deps: Pick<Deps, "tries" | "devices" | "sessions" | "links" | "clock">) {
  const { tries, devices, sessions, links, clock } = deps;
  return createAuthMiddleware(async (ctx) => {
    const { path, context, json } = ctx;
    const user = context.newSession?.user;
    if (user) {
      const email = user.email.toLowerCase();
      if (path === "/sign-in/email")
        await tries.succeeded({ path, email, device: deviceOf(ctx, deps, email) });
      const cookie = context.createAuthCookie(devices.cookieName(email), { maxAge: knownDeviceSeconds });
      ctx.setCookie(cookie.name, devices.sign(email, clock()), cookie.attributes);
      if (path === "/change-password") await sessions.endProofs(user.id);
    }
    if (path !== "/organization/invite-member" || !isInvitation(context.returned)) return undefined;
    return json({ ...context.returned, id: links.sign(context.returned.id) });
  });
}

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** The known device that a request for an account comes from. */
function deviceOf(ctx: Context, { devices, clock }: Pick<Deps, "devices" | "clock">, email: string) {
  const { name } = ctx.context.createAuthCookie(devices.cookieName(email));
  return devices.open(ctx.getCookie(name) ?? "", email, clock());
}

const emailOf = (body: { email?: unknown } | undefined) =>
  typeof body?.email === "string" ? body.email.trim().toLowerCase() : "";

/** The same error for accounts that exist and that do not. */
function tooManyTries(path: string, seconds: number): APIError {
  const message =
    path === "/sign-in/email"
      ? "Too many tries for this account. Wait a quarter of an hour, sign in with a browser that you have used here before, or set a new password."
      : "Too many mails were asked for to this address. Look for the last one, or try again later.";
  return new APIError("TOO_MANY_REQUESTS", { message }, { "Retry-After": String(seconds) });
}

const isInvitation = (value: unknown): value is { id: string } =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";

function refuseLong(what: string, text: unknown, max: number): void {
  if (typeof text !== "string" || !isLongerThan(text, max)) return;
  throw new APIError("BAD_REQUEST", { message: `${what}: must have at most ${max} characters` });
}

function refuseShort(what: string, text: unknown, min: number): void {
  if (typeof text !== "string" || isLongerThan(text, min - 1)) return;
  throw new APIError("BAD_REQUEST", { message: `${what}: must have at least ${min} characters` });
}

/** Better Auth would accept several roles at once; our permissions follow from one. */
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

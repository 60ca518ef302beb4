import { type BetterAuthOptions, betterAuth } from "better-auth";
import { genericOAuth, jwt, type OrganizationOptions, organization, twoFactor } from "better-auth/plugins";
import type { Clock } from "#core/clock.js";
import { asName } from "#core/display-text.js";
import { newUuid } from "#core/ids.js";
import { createAccountTries } from "#identity/account-tries.js";
import { completeSignIn, guardSignIn } from "#identity/auth-guards.js";
import { authMail } from "#identity/auth-mail.js";
import { addressHeader, authPath } from "#identity/auth-path.js";
import { coreTables, signingKeyTables, tenantTables, twoFactorTables } from "#identity/auth-tables.js";
import { createInvitationLimits } from "#identity/invitation-limits.js";
import { createInvitationLinks } from "#identity/invitation-links.js";
import { jwtClaims } from "#identity/jwt.js";
import { createKnownDevices } from "#identity/known-devices.js";
import type { Mailer } from "#identity/mail.js";
import type { SignInProviders } from "#identity/sign-in-providers.js";
import type { SignUp } from "#identity/sign-up.js";
import { tenantRoles } from "#identity/tenant-roles.js";
import type { Throttle } from "#identity/throttle.js";
import type { Database } from "#store/engine/database.js";
import { dateTimes } from "#store/engine/date-times.js";
import type { MembershipRows } from "#store/membership-rows.js";
import type { ProfileRows } from "#store/profile-rows.js";
import type { SessionRows } from "#store/session-rows.js";

const sessionSeconds = 7 * 24 * 3600;
const invitationSeconds = 7 * 24 * 3600;

export interface AuthDeps {
  database: Database;
  memberships: MembershipRows;
  signUp: SignUp;
  throttle: Throttle;
  sessions: SessionRows;
  profiles: Pick<ProfileRows, "get">;
  clock: Clock;
  mailer: Mailer;
  providers: SignInProviders;
  /** How passwords are hashed and compared, instead of as Better Auth does: with scrypt, N 16384 and r 16. */
  passwords?: PasswordHasher | undefined;
  /** SECRET, not from the database: signs cookies, encrypts second factors and signing keys. */
  secret: string;
  publicUrl: string;
}

export type PasswordHasher = NonNullable<NonNullable<BetterAuthOptions["emailAndPassword"]>["password"]>;

export type BetterAuth = ReturnType<typeof createBetterAuth>;

/** Sign-up, sign-in, sessions, tenants, second factors and JWTs: Better Auth, on our tables. */
export function createBetterAuth(deps: AuthDeps) {
  const { database, memberships, signUp, publicUrl, providers } = deps;
  const links = createInvitationLinks(deps.secret);
  const tries = createAccountTries(deps.throttle);
  const devices = createKnownDevices(deps.secret);
  const mail = authMail({ ...deps, links });
  const guards = { ...deps, tries, devices, links };
  return betterAuth({
    appName: "Skillett",
    baseURL: publicUrl,
    basePath: authPath,
    secret: deps.secret,
    telemetry: { enabled: false },
    // It takes us for SQLite on both engines: times are ms and flags 0 or 1 in our tables.
    database: { db: database.kysely.withPlugin(dateTimes()), type: "sqlite" },
    ...coreTables,
    session: { ...coreTables.session, expiresIn: sessionSeconds },
    account: { ...coreTables.account, encryptOAuthTokens: true, accountLinking: { enabled: true } },
    verification: { ...coreTables.verification, storeIdentifier: "hashed" },
    emailAndPassword: {
      ...mail.emailAndPassword,
      ...(deps.passwords ? { password: deps.passwords } : {}),
      onPasswordReset: async ({ user }: { user: { id: string; email: string } }) => {
        await deps.sessions.endProofs(user.id);
        await tries.forget(user.email.toLowerCase());
      },
    },
    emailVerification: mail.emailVerification,
    socialProviders: providers.social,
    plugins: [
      organization(tenants(deps, mail.invite)),
      twoFactor({ issuer: "Skillett", schema: twoFactorTables }),
      jwt({ schema: signingKeyTables, jwt: jwtClaims(memberships, publicUrl) }),
      ...(providers.oidc ? [genericOAuth({ config: [providers.oidc] })] : []),
    ],
    hooks: { before: guardSignIn(guards), after: completeSignIn(guards) },
    databaseHooks: databaseHooks(signUp),
    rateLimit: rateLimit(deps.throttle),
    onAPIError: { errorURL: `${publicUrl}/sign-in` },
    disabledPaths: ["/ok", "/error", "/delete-user", "/change-email"],
    advanced: advanced(publicUrl),
    // Callers get the errors, and our server logs them. Better Auth's own log would contain email addresses.
    logger: { disabled: true },
  } satisfies BetterAuthOptions);
}

function tenants(deps: AuthDeps, invite: ReturnType<typeof authMail>["invite"]) {
  const limitInvitations = createInvitationLimits(deps);
  return {
    ...tenantRoles,
    creatorRole: "owner",
    schema: tenantTables,
    organizationLimit: 20,
    invitationExpiresIn: invitationSeconds,
    disableOrganizationDeletion: true,
    // Where no mail arrives, the link is what proves that the invitation was meant.
    requireEmailVerificationOnInvitation: deps.mailer.delivers,
    sendInvitationEmail: invite,
    organizationHooks: {
      beforeCreateInvitation: ({ invitation: { inviterId, organizationId, email } }) =>
        limitInvitations({ profileId: inviterId, tenantId: organizationId, email }),
    },
  } satisfies OrganizationOptions;
}

function databaseHooks(signUp: SignUp) {
  return {
    user: {
      create: {
        // A person who signs up with another provider brings the name they have there. Names typed here have been checked.
        before: async <User extends { name: string }>(user: User) => ({
          data: { ...user, name: asName(user.name) },
        }),
      },
    },
    account: { create: { before: withoutIdToken }, update: { before: withoutIdToken } },
    session: {
      create: {
        before: async <Session extends { userId: string }>(session: Session) => ({
          data: { ...session, activeOrganizationId: await signUp.home(session.userId) },
        }),
      },
    },
  };
}

/** The ID token has served to sign in. In the database it would prove to any reader that this person did. */
async function withoutIdToken<Account extends object>(account: Account) {
  return { data: { ...account, idToken: null } };
}

function advanced(publicUrl: string) {
  return {
    cookiePrefix: "skillett",
    // Set explicitly, because the defaults follow NODE_ENV: with `test` every origin and every redirect would do.
    disableCSRFCheck: false,
    disableOriginCheck: false,
    useSecureCookies: publicUrl.startsWith("https:"),
    ipAddress: { ipAddressHeaders: [addressHeader] },
    database: { generateId: () => newUuid() },
  };
}

/** Per address and path, shared by all servers; per account: @see auth-guards.ts */
function rateLimit(throttle: Throttle): BetterAuthOptions["rateLimit"] {
  const strict = { window: 60, max: 20 };
  return {
    enabled: true,
    window: 60,
    max: 100,
    customRules: {
      "/sign-in/*": strict,
      "/sign-up/*": strict,
      "/request-password-reset": strict,
      "/reset-password": strict,
      "/send-verification-email": strict,
      "/two-factor/*": strict,
    },
    customStorage: {
      consume: async (key, { window, max }) => {
        const { allowed, retryAfterSeconds } = await throttle.take(`auth/${key}`, {
          max,
          windowSeconds: window,
        });
        return { allowed, retryAfter: allowed ? null : retryAfterSeconds };
      },
    },
  };
}

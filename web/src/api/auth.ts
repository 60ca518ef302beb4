import { ApiError, notSkillett } from "#client/errors.js";
import type { Transport } from "#client/transport.js";
import type { ErrorBody } from "#core/errors.js";

/** The routes of Better Auth below /auth that these pages use. Times are ISO 8601. */

export interface Session {
  session: { id: string; activeOrganizationId?: string | null };
  user: { id: string; email: string; name: string; twoFactorEnabled?: boolean | null };
}

export interface SessionRow {
  id: string;
  /** Names the session when it is to be revoked. */
  token: string;
  userAgent?: string | null;
  ipAddress?: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: string;
  organizationName: string;
  inviterEmail: string;
}

export interface Member {
  /** Profile. */
  userId: string;
  role: string;
  user: { name: string; email: string };
}

export interface SecondFactor {
  /** SECRET. `otpauth://totp/…?secret=…` */
  totpURI: string;
  /** SECRET. Each works once. */
  backupCodes: string[];
}

export interface SignUp {
  name: string;
  email: string;
  password: string;
  /** Where the link that confirms the address leads in the end. */
  callbackURL: string;
  invitationId?: string;
}

export type Auth = ReturnType<typeof createAuth>;

/** Refusals are thrown as `ApiError`, no answer as `NetworkError`. */
export function createAuth(url: string, transport: Transport) {
  async function ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
    const reply = await transport({
      method,
      url: `${url}/auth${path}`,
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
      signal: undefined,
    });
    let text = "";
    for await (const chunk of reply.body) text += new TextDecoder().decode(chunk);
    const value = parse(text);
    if (reply.status < 300) return value as T;
    if (!isErrorBody(value)) throw notSkillett(url, reply.status);
    throw new ApiError(reply.status, value, text);
  }
  const get = <T>(path: string) => ask<T>("GET", path);
  const post = <T = unknown>(path: string, body: object = {}) => ask<T>("POST", path, body);

  return {
    session: () => get<Session | null>("/get-session"),
    signIn: (input: { email: string; password: string }) =>
      post<{ twoFactorRedirect?: boolean }>("/sign-in/email", input),
    /** Where to send the browser. */
    signInWith: (provider: string, callbackURL: string) =>
      post<{ url: string }>("/sign-in/social", { provider, callbackURL, errorCallbackURL: "/sign-in" }),
    /** Without a token, the email address has to be confirmed first. */
    signUp: (input: SignUp) => post<{ token: string | null }>("/sign-up/email", input),
    signOut: () => post("/sign-out"),
    requestPasswordReset: (email: string) =>
      post("/request-password-reset", { email, redirectTo: "/reset-password" }),
    resetPassword: (input: { newPassword: string; token: string }) => post("/reset-password", input),
    changePassword: (input: { currentPassword: string; newPassword: string }) =>
      post("/change-password", { ...input, revokeOtherSessions: true }),
    enableTwoFactor: (password: string) => post<SecondFactor>("/two-factor/enable", { password }),
    disableTwoFactor: (password: string) => post("/two-factor/disable", { password }),
    verifyTotp: (code: string) => post("/two-factor/verify-totp", { code }),
    verifyBackupCode: (code: string) => post("/two-factor/verify-backup-code", { code }),
    sessions: () => get<SessionRow[]>("/list-sessions"),
    revokeSession: (token: string) => post("/revoke-session", { token }),
    switchTenant: (organizationId: string) => post("/organization/set-active", { organizationId }),
    /** Of a tenant of theirs. */
    members: (tenantId: string) =>
      get<{ members: Member[] }>(`/organization/list-members?organizationId=${encodeURIComponent(tenantId)}`),
    invitation: (id: string) => get<Invitation>(`/organization/get-invitation?id=${encodeURIComponent(id)}`),
    acceptInvitation: (invitationId: string) => post("/organization/accept-invitation", { invitationId }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === "object" && value !== null && "error" in value && "message" in value;
}

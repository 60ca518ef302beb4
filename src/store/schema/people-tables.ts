/** Rows of tenants, of signing in, and of what guards it. Times are ms since the epoch, flags 0 or 1. */

export interface TenantRow {
  id: string;
  name: string;
  /** Unique on this instance. */
  slug: string;
  logo: string | null;
  metadata: string | null;
  /** Raised with every change of its rows in `integrations` and `routes`; 0 while it never had any. */
  catalog_version: number;
  created_at: number;
}

export interface MembershipRow {
  id: string;
  tenant_id: string;
  profile_id: string;
  role: string;
  created_at: number;
}

/** A person signed in with a browser. The cookie holds the token and a signature by a key that is not here. */
export interface SessionRow {
  id: string;
  token: string;
  profile_id: string;
  /** The tenant at hand; null is the person's own. */
  tenant_id: string | null;
  ip_address: string | null;
  user_agent: string | null;
  expires_at: number;
  created_at: number;
  updated_at: number;
}

/** A way to sign in: `credential` with a password, or an account at GitHub, Google or an OIDC issuer. */
export interface LoginAccountRow {
  id: string;
  account_id: string;
  provider_id: string;
  profile_id: string;
  /** SECRET, encrypted. */
  access_token: string | null;
  /** SECRET, encrypted. */
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: number | null;
  refresh_token_expires_at: number | null;
  scope: string | null;
  /** scrypt. */
  password: string | null;
  created_at: number;
  updated_at: number;
}

/** Something a link or a redirect will prove: an email address, a password reset, a sign-in under way. */
export interface VerificationRow {
  id: string;
  /** A digest. */
  identifier: string;
  value: string;
  expires_at: number;
  created_at: number;
  updated_at: number;
}

export interface InvitationRow {
  id: string;
  tenant_id: string;
  email: string;
  role: string;
  /** pending, accepted, rejected or canceled. */
  status: string;
  inviter_id: string;
  expires_at: number;
  created_at: number;
}

export interface TwoFactorRow {
  id: string;
  /** SECRET, encrypted. */
  secret: string;
  /** SECRET, encrypted. */
  backup_codes: string;
  profile_id: string;
  verified: number | null;
  failed_verification_count: number | null;
  locked_until: number | null;
}

/** Signs JWTs. */
export interface SigningKeyRow {
  id: string;
  public_key: string;
  /** SECRET, encrypted. */
  private_key: string;
  alg: string | null;
  crv: string | null;
  expires_at: number | null;
  created_at: number;
}

/** A device that wants to be signed in. @see RFC 8628 */
export interface DeviceCodeRow {
  /** SHA-256 of the device code. */
  device_code_hash: string;
  /** SHA-256 of the user code. */
  user_code_hash: string;
  client_id: string | null;
  device_name: string | null;
  /** Where the request came from. */
  address: string;
  scopes: string;
  status: string;
  /** The tenant that it was decided for; null until then. */
  tenant_id: string | null;
  /** The person who decided; null until then. */
  profile_id: string | null;
  interval_seconds: number;
  polled_at: number | null;
  expires_at: number;
  created_at: number;
}

/** How often something was tried in a window of time, to slow guessers down. */
export interface ThrottleRow {
  bucket: string;
  window_start: number;
  used: number;
}

/** A secret that all servers of one database share and a dump must not give away. */
export interface ServerSecretRow {
  name: string;
  /** SECRET, sealed by the vault. */
  box: string;
  created_at: number;
}

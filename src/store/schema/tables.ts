/**
 * Rows as the database holds them, the same on SQLite and PostgreSQL: times are ms since the epoch, flags
 * 0 or 1, lists JSON text. Every table a tenant owns carries `tenant_id` first in its key, so that a
 * cluster can be distributed by tenant.
 */

import type { Face } from "#core/face.js";
import type { FileChunkRow, FileRow } from "#store/schema/file-tables.js";
import type { IntegrationClientRow, IntegrationRow, RouteRow } from "#store/schema/integration-tables.js";
import type { ListingRow, ListingSourceRow, WebhookDeliveryRow } from "#store/schema/listing-tables.js";
import type { OAuthArtifactRow, OAuthGrantRow } from "#store/schema/oauth-tables.js";
import type {
  DeviceCodeRow,
  InvitationRow,
  LoginAccountRow,
  MembershipRow,
  ServerSecretRow,
  SessionRow,
  SigningKeyRow,
  TenantRow,
  ThrottleRow,
  TwoFactorRow,
  VerificationRow,
} from "#store/schema/people-tables.js";
import type { SandboxRecordRow, SandboxRow } from "#store/schema/sandbox-tables.js";
import type {
  AgentRow,
  AssignmentRow,
  SkillAddressRow,
  SkillBlobRow,
  SkillFileRow,
  SkillRow,
  SkillVersionRow,
  TaskRow,
} from "#store/schema/skill-tables.js";

export interface Tables {
  tenants: TenantRow;
  profiles: ProfileRow;
  memberships: MembershipRow;
  api_keys: ApiKeyRow;
  connections: ConnectionRow;
  credentials: CredentialRow;
  connect_attempts: ConnectAttemptRow;
  provider_clients: ProviderClientRow;
  integrations: IntegrationRow;
  integration_clients: IntegrationClientRow;
  routes: RouteRow;
  skill_calls: LoggedCallRow;
  call_heads: CallHeadRow;
  probes: ProbeRow;
  call_counters: CounterRow;
  idempotency_keys: IdempotencyRow;
  results: ResultRow;
  files: FileRow;
  file_chunks: FileChunkRow;
  sandboxes: SandboxRow;
  sandbox_records: SandboxRecordRow;
  data_keys: DataKeyRow;
  sessions: SessionRow;
  login_accounts: LoginAccountRow;
  verifications: VerificationRow;
  invitations: InvitationRow;
  two_factors: TwoFactorRow;
  signing_keys: SigningKeyRow;
  device_codes: DeviceCodeRow;
  throttles: ThrottleRow;
  server_secrets: ServerSecretRow;
  agents: AgentRow;
  skill_addresses: SkillAddressRow;
  skills: SkillRow;
  skill_versions: SkillVersionRow;
  skill_files: SkillFileRow;
  skill_blobs: SkillBlobRow;
  skill_assignments: AssignmentRow;
  tasks: TaskRow;
  webhook_deliveries: WebhookDeliveryRow;
  listing_sources: ListingSourceRow;
  listings: ListingRow;
  oauth_artifacts: OAuthArtifactRow;
  oauth_grants: OAuthGrantRow;
}

export interface ProfileRow {
  id: string;
  email: string | null;
  email_verified: number;
  display_name: string | null;
  image: string | null;
  two_factor_enabled: number;
  plan: string;
  /** SHA-256 of the one-time claim token; null once somebody has claimed the instance. */
  claim_token_hash: string | null;
  /** Runs this instance: its first owner. */
  is_operator: number;
  updated_at: number | null;
  created_at: number;
}

export interface ApiKeyRow {
  tenant_id: string;
  id: string;
  profile_id: string;
  agent_id: string | null;
  name: string;
  /** SHA-256 of the key, hex; the key itself is stored nowhere. */
  key_hash: string;
  key_prefix: string;
  scopes: string;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  created_at: number;
  /** The first of the keys that took each other's place, up to this one; null when this is the first. */
  lineage_id: string | null;
  /** When its owner was told that it is about to end. */
  end_told_at: number | null;
}

export interface ConnectionRow {
  tenant_id: string;
  id: string;
  profile_id: string;
  integration: string;
  auth_method: string;
  /** The service's own lasting id, empty where nobody asked; behind it, with a space between, the settings if any. */
  account_id: string;
  /** The name a person knows it by. */
  account: string;
  status: string;
  is_default: number;
  /** Everybody of the tenant may call with it. */
  is_shared: number;
  /** Scopes that the service granted; empty when it does not say. */
  scopes: string;
  /** JSON object of the settings in the base URL, in the order of the integration's file. */
  settings: string;
  last_used_at: number | null;
  created_at: number;
}

export interface CredentialRow {
  tenant_id: string;
  connection_id: string;
  /** SECRET, sealed by the vault. */
  box: string;
  /** From when on the access token is renewed before it is used; null when it lasts or cannot be renewed. */
  renew_at: number | null;
  updated_at: number;
}

/** Somebody was sent to a provider to sign in; the row waits for the browser to come back. */
export interface ConnectAttemptRow {
  tenant_id: string;
  /** Becomes the id of the connection, unless the account is known. */
  id: string;
  profile_id: string;
  integration: string;
  auth_method: string;
  status: string;
  /** Scopes asked for. */
  scopes: string;
  /** JSON object of the settings that the person gave. */
  settings: string;
  is_shared: number;
  /** The connection to renew: another account is refused. */
  reconnects: string | null;
  /** The agent whose key asked for it: then its person must be signed in to us, and confirm it. */
  agent_id: string | null;
  /** SECRET, sealed: the PKCE verifier; behind it, where an agent asked, the link to the provider. */
  box: string;
  /** The connection it led to. */
  connection_id: string | null;
  account: string | null;
  /** Why it failed, for the person. */
  error: string | null;
  expires_at: number;
  created_at: number;
}

/** The OAuth client of this instance at a provider, as the operator registered it. */
export interface ProviderClientRow {
  provider: string;
  client_id: string;
  /** SECRET, sealed: the client secret. */
  box: string;
  updated_at: number;
}

/**
 * The audit log: one row a call, written before anything goes upstream. Only its end is written later, once:
 * `status`, `upstream_status`, `error` and `duration_ms`.
 *
 * @see docs/decisions/0020-call-log.md
 */
export interface CallRow {
  tenant_id: string;
  id: string;
  profile_id: string;
  key_id: string;
  agent_id: string | null;
  /** By which way the call came in, as far as it says so itself: nothing is allowed or refused by it. */
  face: Face | null;
  connection_id: string | null;
  /** The name of the account then; the connection may be gone or renamed since. */
  account: string | null;
  integration: string;
  endpoint: string;
  /** The composite endpoint that it was a step of; null when it was called by itself. */
  via: string | null;
  /** Of the endpoint, then: `read`, `write`, … */
  effect: string | null;
  /** The thing the call was about, such as a repository. */
  target: string | null;
  /** The rule that decided. */
  policy: string | null;
  status: string;
  upstream_status: number | null;
  error: string | null;
  started_at: number;
  duration_ms: number | null;
  /** The server process that took the call. */
  node_id: number;
}

export interface LoggedCallRow extends CallRow {
  /** Its place in the log of its tenant: 1, 2, 3, … without gaps, in the order of commits. */
  seq: number;
}

/** The number of the latest call in the log of a tenant. */
export interface CallHeadRow {
  tenant_id: string;
  seq: number;
}

/** Written and deleted again, to see whether there is room: between two probes there is none. */
export interface ProbeRow {
  id: string;
  filler: string;
}

export interface CounterRow {
  tenant_id: string;
  /** The thing that is counted: `key:<lineage>` and `agents:<profile>` by the minute, `profile:<profile>` by the day. */
  bucket: string;
  window_start: number;
  used: number;
}

export interface IdempotencyRow {
  tenant_id: string;
  profile_id: string;
  /** SHA-256 of the client's `Idempotency-Key`. */
  key_hash: string;
  /** SHA-256 of endpoint, connection and params. */
  fingerprint: string;
  call_id: string;
  /** The finished answer, sealed by the vault; null while the call runs or when its outcome is unknown. */
  answer: string | null;
  created_at: number;
}

/** An answer that was too long for its caller, and was cut. */
export interface ResultRow {
  tenant_id: string;
  id: string;
  /** The person who called, and may read on. */
  profile_id: string;
  agent_id: string | null;
  /** The whole answer, sealed by the vault. */
  box: string;
  expires_at: number;
  created_at: number;
}

export interface DataKeyRow {
  id: string;
  /** SECRET, wrapped by the master key. */
  wrapped: string;
  /** Which master key wrapped it (a digest's first bytes, not the key). */
  master_key_id: string;
  /** Since when nothing is sealed with it any more; null for the newest, and while a rotation is under way. */
  retired_at: number | null;
  created_at: number;
}

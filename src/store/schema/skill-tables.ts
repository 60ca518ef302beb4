/** Rows of the skill registry. Times are ms since the epoch, flags 0 or 1, lists and objects JSON text. */

/** A named AI worker of a tenant. */
export interface AgentRow {
  tenant_id: string;
  /** UUID. */
  id: string;
  /** Unique in the tenant. */
  slug: string;
  name: string;
  description: string | null;
  /** active or paused: the keys of a paused agent are refused. */
  status: string;
  created_by: string;
  created_at: number;
  updated_at: number;
}

/** An address with a secret in its path, by which installers read the skills of an agent. */
export interface SkillAddressRow {
  tenant_id: string;
  /** addr_… */
  id: string;
  agent_id: string;
  name: string;
  /** SHA-256 of the secret, hex. */
  secret_hash: string;
  created_by: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
  /** Exact to a minute. */
  last_used_at: number | null;
}

export interface SkillRow {
  tenant_id: string;
  /** UUID. */
  id: string;
  /** Unique in the tenant; the name of its folder. */
  slug: string;
  /**
   * This and the next three repeat what the current version says, or the draft while nothing is published: lists and
   * search filter and read skills by them. The facts that a source has of a listing may take their place.
   */
  name: string;
  description: string;
  category: string | null;
  tool_ids: string;
  config: string;
  /** active or archived. */
  status: string;
  /** custom, or store for one that came from a listing and is locked. */
  source: string;
  /** Where it was installed from, `<source>/<name>`. */
  listing_ref: string | null;
  listing_version: string | null;
  /** The published version that counts; null while there is only a draft. */
  current_version: string | null;
  created_by: string;
  created_at: number;
  updated_at: number;
}

/** Facts that SKILL.md states about its skill. */
export interface VersionFacts {
  name: string;
  description: string;
  category: string | null;
  /** Endpoints it needs, `github.create_issue`. */
  tool_ids: string;
  author: string | null;
  /** `metadata.version` as a semantic version; it may be published as another. */
  metadata_version: string | null;
  /** All fields, every scalar as text. */
  front_matter: string;
}

/**
 * One state of a skill's folder. `draft` may change, everything else (semver) never does; so what SKILL.md says is
 * read once, when the row is made.
 */
export interface SkillVersionRow extends VersionFacts {
  tenant_id: string;
  skill_id: string;
  version: string;
  /** SHA-256 over paths and digests of its files. */
  digest: string;
  notes: string | null;
  created_by: string;
  created_at: number;
}

export interface SkillFileRow {
  tenant_id: string;
  skill_id: string;
  version: string;
  /** Relative, `/` between its parts. */
  path: string;
  /** Of its bytes: `skill_blobs`. */
  digest: string;
  size: number;
  is_executable: number;
}

/** Bytes of files, each kept once in a tenant. */
export interface SkillBlobRow {
  tenant_id: string;
  /** SHA-256, hex. */
  digest: string;
  bytes: Buffer;
  /** How many they are. */
  size: number;
}

export interface AssignmentRow {
  tenant_id: string;
  id: string;
  skill_id: string;
  agent_id: string;
  /** Null follows the current version. */
  pinned_version: string | null;
  enabled: number;
  config: string;
  /** Higher is likelier used. */
  priority: number;
  assigned_by: string;
  assigned_at: number;
}

/** Something a person must decide. */
export interface TaskRow {
  tenant_id: string;
  /** task_… */
  id: string;
  /** skill_request or connector_request. */
  type: string;
  /** Id of the skill, or slug of the integration. */
  subject: string;
  agent_id: string | null;
  requested_by: string;
  reason: string;
  /** pending, approved, rejected or expired. */
  status: string;
  decided_by: string | null;
  decided_at: number | null;
  note: string | null;
  expires_at: number;
  created_at: number;
}

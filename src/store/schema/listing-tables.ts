/** Rows of listings and of webhooks. Times are ms since the epoch. */

/** A webhook that waits to be sent. */
export interface WebhookDeliveryRow {
  tenant_id: string;
  /** msg_…, the same at every attempt. */
  id: string;
  /** JSON, as it is signed and sent. */
  body: string;
  /** How often it has been tried. */
  attempts: number;
  next_at: number;
  created_at: number;
}

/** Where a tenant has further listings from: an archive somebody uploaded, or another server. */
export interface ListingSourceRow {
  tenant_id: string;
  name: string;
  /** Of the index, or of the git repository; null for an archive. */
  url: string | null;
  /** Branch or tag of a git repository as it was named; null for its default branch, and elsewhere. */
  git_ref: string | null;
  /** Folder in a git repository that is read; null for all of it, and elsewhere. */
  git_folder: string | null;
  /** Commit that was read last, 40 or 64 hex digits; null for what is no git repository. */
  git_commit: string | null;
  /** When a git repository was looked at last, changed or not; null for what is none. */
  git_checked_at: number | null;
  /** SECRET, sealed: the token for `url`; null when it takes none. */
  box: string | null;
  created_by: string;
  created_at: number;
  refreshed_at: number;
}

/** A skill a source offers. */
export interface ListingRow {
  tenant_id: string;
  source: string;
  name: string;
  description: string;
  category: string | null;
  version: string;
  author: string | null;
  /** Of its files, as `skill_versions.digest`. */
  digest: string;
  /** Zip of the folder. */
  archive: Buffer;
  /** Of the zip, in bytes. */
  size: number;
}

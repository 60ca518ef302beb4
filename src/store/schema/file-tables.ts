/** Files that people and agents hand over, or that services have answered with, kept for a day. */

export interface FileRow {
  tenant_id: string;
  /** `file_…` */
  id: string;
  profile_id: string;
  /** The agent of the key it was made with; null when that acts as its person. */
  agent_id: string | null;
  name: string;
  media_type: string;
  /** Bytes; while it is being written, those that are reserved for it. */
  size: number;
  /** Hex; null until the last chunk is written: nobody finds it before. */
  sha256: string | null;
  expires_at: number;
  created_at: number;
}

export interface FileChunkRow {
  tenant_id: string;
  file_id: string;
  /** From 0. */
  number: number;
  /** A part of the file's bytes, sealed by the vault. */
  box: string;
}

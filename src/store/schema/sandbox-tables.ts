/** Rows of the sandbox, a service that is part of this program. */

export interface SandboxRow {
  tenant_id: string;
  /** JSON object: the last number that was given out, by kind. Numbers of what is deleted are not given out again. */
  numbers: string;
}

export interface SandboxRecordRow {
  tenant_id: string;
  /** `issue`, `mail`, `event` or `message`. */
  kind: string;
  /** Number within its kind, in the order of making. */
  number: number;
  /** JSON object. */
  value: string;
}

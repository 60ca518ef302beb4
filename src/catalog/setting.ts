import type { LinearPattern } from "#catalog/linear-pattern.js";

/** A part of the base URL that each connection has its own value for, `{subdomain}`. */
export interface Setting {
  label: string;
  help: string;
  /** Its source: the person who connects, the answer of the token endpoint, or that of `discover`. */
  from: "field" | "token" | "discover";
  /** Dotted path in that answer; null for a field. */
  path: string | null;
  /** The whole value matches it, beside the rules of its place. */
  pattern: LinearPattern | null;
  /** The only values there are, as the file has them; null: any that fits. */
  oneOf: readonly string[] | null;
  default: string | null;
  place: SettingPlace;
}

/** `origin`: all before the path; `host`: a label of the host, or a part of one; `path`: a segment, or a part of one. */
export type SettingPlace = "origin" | "host" | "path";

/** Values by name of the setting. They are no secrets. */
export type SettingValues = Readonly<Record<string, string>>;

/** Where an integration is asked which hosts or sites a new credential opens. */
export interface Discover {
  /** Absolute, and without settings. */
  url: string;
  /** Dotted path of the list in the answer; null: the answer is the list, or the only entry. */
  list: string | null;
  /** Dotted path in an entry of what a person calls it. */
  name: string | null;
}

import type { ClientAuth } from "#core/client-auth.js";

/** The catalogue of a tenant, as far as it differs from the shared one: integrations it brings, and what it switches off. */

export interface IntegrationRow {
  tenant_id: string;
  slug: string;
  /** `shipped`: one of the shared catalogue, of which there is a row when something of it was switched. */
  kind: IntegrationKind;
  enabled: number;
  /** The integration without its endpoints, compiled, as JSON; null for one that ships. */
  main: string | null;
  /** JSON of path to text: the files of its folder as they were generated, without those of endpoints. */
  texts: string;
  /** JSON of path to text: files of the tenant that refine these. */
  overlay: string;
  /** JSON: the description it was made from, with its sha256, and the options; null for one that ships. */
  source: string | null;
  /** JSON: what of the description could not be carried; null when there is nothing to report. */
  report: string | null;
  /** Version of the compiled form. */
  format: number;
  created_by: string;
  created_at: number;
  updated_at: number;
}

export type IntegrationKind = "shipped" | "import" | "mcp";

export interface RouteRow {
  tenant_id: string;
  slug: string;
  name: string;
  enabled: number;
  /** Why it is off; null when it is on. */
  off_reason: OffReason | null;
  /** Its file in the folder, and the text of that; null for an endpoint that ships. */
  path: string | null;
  text: string | null;
  /** The text of the tenant that refines it; null for none. */
  overlay: string | null;
  /** The endpoint, compiled, as JSON; null for one that ships. */
  compiled: string | null;
  effect: string | null;
  /** SHA-256 of what decides about a call: method, URL, params, effect; null for one that ships. */
  hash: string | null;
}

/** `owner`: somebody has switched it off. The others come with an import, until somebody looks at it. */
export type OffReason = "write" | "new" | "changed" | "owner";

/** The OAuth client with which people of a tenant sign in at the service of an integration that it brings. */
export interface IntegrationClientRow {
  tenant_id: string;
  slug: string;
  /** The authorization server that the client is for: its secret goes to no other. */
  issuer: string;
  /** Where that server sends people back to: an address for this client alone. */
  callback_url: string;
  client_auth: ClientAuth;
  /** SECRET, sealed: JSON of id and secret. */
  box: string;
  created_at: number;
}

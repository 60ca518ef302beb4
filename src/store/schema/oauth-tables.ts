/** Rows of the authorization server. Times are ms since the epoch. */

/** Something the protocol keeps between two requests: a client, a request under way, a code, a token. */
export interface OAuthArtifactRow {
  /** SHA-256 of the code, the token or the id; the thing itself lies in the box alone. */
  id: string;
  kind: string;
  /** The grant that codes and tokens come from. */
  grant_id: string | null;
  /** SECRET, sealed: all that is known of it, itself included. */
  box: string;
  /** Time when it was used, after which it is refused; null until then. */
  consumed_at: number | null;
  /** Null lasts. */
  expires_at: number | null;
  created_at: number;
}

/** That a person let a program in, and as whom. */
export interface OAuthGrantRow {
  tenant_id: string;
  id: string;
  profile_id: string;
  /** The agent it acts as; null acts as the person. */
  agent_id: string | null;
  /** The name the program is registered under: an id of ours, or the address of its own document. */
  client_id: string;
  client_name: string | null;
  scopes: string;
  last_used_at: number | null;
  revoked_at: number | null;
  /** Null lasts until it is revoked. */
  expires_at: number | null;
  created_at: number;
}

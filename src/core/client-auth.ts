/**
 * How an OAuth client proves itself at a token endpoint: by HTTP Basic, in the body, or not at all, as a public client
 * that has no secret.
 *
 * @see RFC 6749 §2.3.1
 */
export type ClientAuth = "basic" | "body" | "none";

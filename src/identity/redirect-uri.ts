/**
 * Schemes without a dot that programs in use claim all the same: Cursor registers
 * `cursor://anysphere.cursor-mcp/oauth/callback` together with its other addresses.
 */
const knownSchemes = new Set(["cursor:"]);

/** The characters of a URI. @see RFC 3986 §2 */
const uri = /^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/;

/**
 * Why a client cannot have browsers sent to an address; null when it can, as far as its text tells.
 *
 * @see RFC 8252 §7, RFC 6749 §3.1.2
 */
export function redirectUriIssue(text: string): string | null {
  if (!uri.test(text) || !URL.canParse(text)) return "is no URI: write it in full, in ASCII";
  const { protocol, username, password } = new URL(text);
  if (text.includes("#")) return "must not have a fragment";
  if (username || password) return "must not have a user name or a password";
  if (text.includes("*")) return "must not have a wildcard: register each address";
  if (protocol === "http:" || protocol === "https:" || knownSchemes.has(protocol)) return null;
  if (protocol.includes(".")) return null;
  return `has the scheme ${protocol} which anybody could claim: take one with your domain in it, such as com.example.app:/callback, or an address on this machine`;
}

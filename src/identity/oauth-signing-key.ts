import { createPrivateKey, hkdfSync } from "node:crypto";
import type { JWK } from "oidc-provider";

/** What stands before the 32 bytes of an Ed25519 key. @see RFC 8410 §7 */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * A key that nothing is ever signed with: tokens are opaque, and there is no OpenID Connect. oidc-provider takes
 * no client without one. The same on all servers. SECRET, derived from the secret of cookies.
 */
export function oauthSigningKey(secret: string): JWK {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", "oauth signing key", 32));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
  return { ...key.export({ format: "jwk" }), alg: "Ed25519", use: "sig" } as JWK;
}

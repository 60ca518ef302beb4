import { createECDH, hkdfSync } from "node:crypto";
import type { JWK } from "oidc-provider";

/**
 * A key that nothing is ever signed with: tokens are opaque, and there is no OpenID Connect. oidc-provider takes
 * no client without one. The same on all servers. SECRET, derived from the secret of cookies.
 */
export function oauthSigningKey(secret: string): JWK {
  const d = Buffer.from(hkdfSync("sha256", secret, "", "oauth signing key", 32));
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(d);
  // 4, x, y. @see SEC 1 §2.3.3
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  return { kty: "EC", crv: "P-256", d: d.toString("base64url"), x, y, alg: "ES256", use: "sig" } as JWK;
}

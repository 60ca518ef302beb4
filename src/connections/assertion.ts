import { createPrivateKey, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { AuthProvider } from "#catalog/provider.js";
import type { Credential } from "#catalog/request/authorize.js";
import { fillTemplate } from "#catalog/template.js";

/** An assertion is used at once; some providers take none that lives longer than this. */
const lifetimeSeconds = 300;

/**
 * The signed statement with which a service account asks for an access token. SECRET.
 *
 * @param key `issuer` and `private_key`, and where there are any `key_id` and `subject`
 * @see RFC 7523 §3
 */
export async function signAssertion(
  { assertion, tokenUrl, scopeSeparator }: AuthProvider,
  key: Credential,
  scopes: string[],
  now: number,
): Promise<string> {
  const { issuer = "", private_key: privateKey = "", key_id: keyId, subject } = key;
  const { algorithm, audience, claims, subject: otherwise } = assertion;
  const sub = subject ?? (otherwise === "issuer" ? issuer : undefined);
  const values: Record<string, string> = { scope: scopes.join(scopeSeparator), issuer, subject: sub ?? "" };
  const filled = Object.entries(claims).map(([name, claim]) => [
    name,
    typeof claim === "string" ? fillTemplate(claim, (value) => values[value] ?? "") : claim,
  ]);
  const seconds = Math.floor(now / 1000);
  return new SignJWT({
    // A claim about nothing would be refused: no scopes, for one.
    ...Object.fromEntries(filled.filter(([, claim]) => claim !== "")),
    iss: issuer,
    ...(sub === undefined ? {} : { sub }),
    aud: audience ?? tokenUrl,
    iat: seconds,
    exp: seconds + lifetimeSeconds,
    jti: randomUUID(),
  })
    .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) })
    .sign(createPrivateKey(privateKey));
}

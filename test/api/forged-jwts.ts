import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { newUuid } from "#core/ids.js";
import type { Skillett } from "#support/skillett.js";
import type { Company } from "#support/world.js";

/** JWTs that must let nobody in, by what is wrong with them, and one beside them that is right. */
export async function forgeJwts(
  { url, app }: Skillett,
  { profileId, tenantId, jwt }: Company["owner"],
  { tenantId: otherTenantId, profileId: otherProfileId }: Company["stranger"],
): Promise<{ good: string; bad: Record<string, string> }> {
  const kid = newUuid();
  const ours = await generateKeyPair("EdDSA", { extractable: true });
  const foreign = await generateKeyPair("EdDSA");
  const publicJwk = await exportJWK(ours.publicKey);
  // A key of the server whose private half is known here: what is refused is refused for the one thing changed.
  const row = { id: kid, public_key: JSON.stringify(publicJwk), private_key: "unused", created_at: 1 };
  await app.database.kysely
    .insertInto("signing_keys")
    .values({ ...row, alg: "EdDSA", crv: "Ed25519", expires_at: null })
    .execute();
  const now = Math.floor(Date.now() / 1000);
  const { sid } = JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64url").toString());
  const right = { sub: profileId, sid, tenantId, iss: url, aud: url, iat: now, exp: now + 600 };
  const sign = (change: object, key: typeof ours.privateKey = ours.privateKey) =>
    new SignJWT({ ...right, ...change }).setProtectedHeader({ alg: "EdDSA", kid }).sign(key);
  const symmetric = (secret: string) =>
    new SignJWT(right).setProtectedHeader({ alg: "HS256", kid }).sign(new TextEncoder().encode(secret));
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());

  return {
    good: await sign({}),
    bad: {
      "without a signature (alg none)": `${encode({ alg: "none", kid })}.${encode(right)}.`,
      "with alg None": `${encode({ alg: "None", kid })}.${encode(right)}.`,
      "of another key": await sign({}, foreign.privateKey),
      "of another issuer": await sign({ iss: "https://evil.example" }),
      "without an issuer": await sign({ iss: undefined }),
      "for another audience": await sign({ aud: "https://evil.example" }),
      "that has expired": await sign({ exp: now - 1 }),
      "that does not end": await sign({ exp: undefined }),
      "that is not valid yet": await sign({ nbf: now + 600 }),
      "of nobody": await sign({ sub: newUuid() }),
      "without a subject": await sign({ sub: undefined }),
      "without a session": await sign({ sid: undefined }),
      "whose session is no string": await sign({ sid: 1 }),
      "of a session that has ended": await sign({ sid: newUuid() }),
      "of another person's session": await sign({ sub: otherProfileId }),
      "whose subject is no string": await sign({ sub: 1 }),
      "for a tenant the person is not in": await sign({ tenantId: otherTenantId }),
      "without a tenant": await sign({ tenantId: undefined }),
      "signed with the public key as a secret": await symmetric(publicJwk.x!),
      "signed with the public JWK as a secret": await symmetric(row.public_key),
      "that brings its own key": await new SignJWT(right)
        .setProtectedHeader({ alg: "EdDSA", jwk: await exportJWK(foreign.publicKey) })
        .sign(foreign.privateKey),
      "that was changed": `${header}.${encode({ ...claims, tenantId: otherTenantId })}.${signature}`,
      "cut off": jwt.slice(0, -8),
      "without its header": `.${payload}.${signature}`,
      "that is none": "eyJ.eyJ.x",
    },
  };
}

import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import type { AssertionRules, AuthProvider } from "#catalog/provider.js";
import { signAssertion } from "#connections/assertion.js";

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const keys: Record<string, KeyObject> = {
  RS256: rsa,
  RS512: rsa,
  PS256: rsa,
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey,
  ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey,
  EdDSA: generateKeyPairSync("ed25519").privateKey,
};

const provider = (rules: Partial<AssertionRules> = {}, scopeSeparator = " ") =>
  ({
    tokenUrl: "https://id.test/token",
    scopeSeparator,
    assertion: { algorithm: "RS256", audience: null, subject: "issuer", claims: {}, ...rules },
  }) as unknown as AuthProvider;

const pem = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" = "pkcs8") =>
  key.export({ type, format: "pem" } as { type: "pkcs8"; format: "pem" }).toString();

async function claimsOf(
  rules: Partial<AssertionRules>,
  key: object = {},
  scopes: string[] = [],
  separator = " ",
) {
  const credential = { issuer: "robot", private_key: pem(rsa), ...key };
  const assertion = await signAssertion(provider(rules, separator), credential, scopes, now);
  const { payload } = await jwtVerify(assertion, createPublicKey(rsa), { currentDate: new Date(now) });
  const { iat, exp, jti, ...claims } = payload;
  return claims;
}

test.each(Object.entries(keys))(
  "an assertion signed by %s holds before its public key",
  async (name, key) => {
    const algorithm = name as AssertionRules["algorithm"];
    const credential = { issuer: "robot", private_key: pem(key), key_id: "k1" };
    const assertion = await signAssertion(provider({ algorithm }), credential, [], now);
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: algorithm, typ: "JWT", kid: "k1" });
    const { payload } = await jwtVerify(assertion, createPublicKey(key), {
      algorithms: [algorithm],
      audience: "https://id.test/token",
      issuer: "robot",
      subject: "robot",
      currentDate: new Date(now),
    });
    const seconds = Math.floor(now / 1000);
    expect(payload).toMatchObject({ iat: seconds, exp: seconds + 300, jti: expect.any(String) });
  },
);

test("a key may be in PKCS #1 or SEC 1, and need not have an id", async () => {
  for (const [algorithm, private_key] of [
    ["RS256", pem(rsa, "pkcs1")],
    ["ES256", pem(keys.ES256!, "sec1")],
  ] as const) {
    const assertion = await signAssertion(provider({ algorithm }), { issuer: "robot", private_key }, [], now);
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: algorithm, typ: "JWT" });
  }
});

test("the subject is the person's, or else the issuer, or nobody where the provider wants that", async () => {
  expect(await claimsOf({})).toMatchObject({ sub: "robot" });
  expect(await claimsOf({}, { subject: "ada" })).toMatchObject({ sub: "ada" });
  expect(await claimsOf({ subject: "none" })).not.toHaveProperty("sub");
  expect(await claimsOf({ subject: "none" }, { subject: "ada" })).toMatchObject({ sub: "ada" });
});

test("further claims are filled, and left out where they would be empty", async () => {
  const claims = { scope: "{scope}", who: "{issuer}/{subject}", flag: true, version: 2 };
  expect(await claimsOf({ claims, audience: "aud" }, {}, ["a", "b"], ",")).toEqual({
    iss: "robot",
    sub: "robot",
    aud: "aud",
    scope: "a,b",
    who: "robot/robot",
    flag: true,
    version: 2,
  });
  expect(await claimsOf({ claims })).not.toHaveProperty("scope");
});

test("two assertions are never the same", async () => {
  const sign = () => signAssertion(provider(), { issuer: "robot", private_key: pem(rsa) }, [], now);
  expect(await sign()).not.toBe(await sign());
});

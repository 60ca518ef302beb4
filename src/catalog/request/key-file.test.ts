import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { checkCredentialFields, secretsOf } from "#catalog/request/authorize.js";
import { gatherKeyFile, readKeyFile } from "#catalog/request/key-file.js";
import { acmeWith, idProvider, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const json = "{ issuer: client.email, private_key: private_key, key_id: private_key_id }";
const byFile = `  robot:
    provider: id
    grant: jwt_bearer
    fields:
      key_file: { label: Key file, help: See there., json: ${json} }
      subject: { label: Person, help: Whose mail it is. }`;
const byKey = (
  fields = "issuer: { label: Address, help: A }, private_key: { label: Key, help: B }",
) => `  robot:
    provider: id
    grant: jwt_bearer
    scopes: [a]
    fields: { ${fields} }`;
const provider = (assertion: string) => `${idProvider}assertion: ${assertion}\n`;
const load = (auth: string, assertion = "{}") =>
  withFiles(acmeWith(auth, provider(assertion)), (dir) =>
    loadCatalog({ dirs: [dir], baseUrls: {} }),
  ).integration("acme");

const pem = (type: "rsa" | "ec" | "ed25519", modulusLength = 2048) => {
  const make = generateKeyPairSync as unknown as (
    type: string,
    options: object,
  ) => { privateKey: { export(options: object): string } };
  const { privateKey } = make(type, { modulusLength, namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" });
};
const rsa = pem("rsa");
const file = { client: { email: "robot@acme.test" }, private_key: rsa, private_key_id: "k1", more: [1] };

describe("the parts of a service account", () => {
  test("the parts of a service account are what a file says, or defaults", () => {
    expect(load(byKey()).auth.robot!.grant).toMatchObject({
      type: "jwt_bearer",
      scopes: ["a"],
      keyFile: null,
      provider: { assertion: { algorithm: "RS256", audience: null, subject: "issuer", claims: {} } },
    });
    const { fields, grant, headers } = load(
      byFile,
      "{ algorithm: ES256, audience: https://a.test, subject: none }",
    ).auth.robot!;
    expect(fields).toEqual({
      key_file: { label: "Key file", help: "See there.", secret: true },
      subject: { label: "Person", help: "Whose mail it is.", secret: false },
    });
    expect(grant!.keyFile).toEqual({
      field: "key_file",
      parts: { issuer: "client.email", private_key: "private_key", key_id: "private_key_id" },
    });
    expect(grant!.provider.assertion).toMatchObject({ algorithm: "ES256", subject: "none" });
    expect(headers).toEqual({ authorization: "Bearer {access_token}" });
  });

  test("the key file itself is not kept, and only its parts are", () => {
    const { grant } = load(byFile).auth.robot!;
    const given = { key_file: JSON.stringify(file), subject: "ada@acme.test" };
    expect(readKeyFile(grant!, given)).toEqual({
      issuer: "robot@acme.test",
      private_key: rsa,
      key_id: "k1",
      subject: "ada@acme.test",
    });
  });

  test("the members of a key file are taken for it where all that is needed is among them", () => {
    const { grant, fields } = load(byFile.replace("client.email", "email")).auth.robot!;
    const members = { email: "a", private_key: "b", private_key_id: "c", type: "d" };
    const gather = (given: Record<string, string>) => gatherKeyFile(grant, Object.keys(fields), given);
    expect(gather({ ...members, subject: "s" })).toEqual({ key_file: JSON.stringify(members), subject: "s" });
    expect(gather({ email: "a", private_key: "b" })).toEqual({ email: "a", private_key: "b" });
    expect(gatherKeyFile(null, ["token"], members)).toBe(members);
  });

  test("a key is read from among other blocks of PEM", () => {
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    const { grant } = load(byKey()).auth.robot!;
    expect(readKeyFile(grant!, { issuer: "i", private_key: parameters + rsa }).private_key).toBe(rsa);
  });

  test("the key is not among the secrets that an answer may have, since it is never sent", () => {
    const credential = { issuer: "i", private_key: rsa, access_token: "t1" };
    expect(secretsOf(load(byKey()), "robot", credential)).toEqual(["t1"]);
  });
});

describe("a service account that cannot be used", () => {
  const issues = (auth: string, given: Record<string, string>, assertion?: string) =>
    checkCredentialFields(load(auth, assertion), "robot", given).map(({ at, message }) => `${at} ${message}`);
  const inFile = (change: object) => ({ key_file: JSON.stringify({ ...file, ...change }), subject: "s" });

  test("a good one has no issue", () => {
    expect(issues(byFile, inFile({}))).toEqual([]);
    expect(issues(byKey(), { issuer: "robot", private_key: rsa })).toEqual([]);
    expect(issues(byKey(), { issuer: "robot", private_key: pem("ec") }, "{ algorithm: ES256 }")).toEqual([]);
    expect(issues(byKey(), { issuer: "robot", private_key: pem("ed25519") }, "{ algorithm: EdDSA }")).toEqual(
      [],
    );
  });

  test.each<[string, string]>([
    ["", "must not be empty"],
    ["{", "must be a key file, which is a JSON object"],
    ["[]", "must be a key file, which is a JSON object"],
    ["null", "must be a key file, which is a JSON object"],
    ["[".repeat(8_000), "must be a key file, which is a JSON object"],
    ["{}", "has no client.email: is it the key file?"],
    ['{"client":"x"}', "has no client.email: is it the key file?"],
    ['{"client":{"email":1}}', "has no client.email: is it the key file?"],
    ['{"client":{"email":"a\\r\\nb"}}', "has a client.email that must not have line breaks"],
    [
      '{"client":{"email":"a"},"private_key":"s3cret"}',
      "has a private_key that must be a private key in PEM",
    ],
  ])("the key file %s is refused without being repeated", (key_file, expected) => {
    const [issue, ...others] = issues(byFile, { key_file, subject: "s" });
    expect(issue).toContain(`credentials.key_file ${expected}`);
    expect(issue).not.toContain("s3cret");
    expect(others).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["no key", "s3cret", "must be a private key in PEM, without a passphrase"],
    [
      "a public key",
      "-----BEGIN PUBLIC KEY-----\ns3cret\n-----END PUBLIC KEY-----",
      "must be a private key in PEM",
    ],
    ["many beginnings", "-----BEGIN PRIVATE KEY-----".repeat(300), "must be a private key in PEM"],
    ["a short key", pem("rsa", 1024), "must be an RSA key of 2048 to 8192 bits"],
    ["a key of another kind", pem("ec"), "must be an RSA key of 2048 to 8192 bits"],
  ])("a private key is refused when it is %s", (_, private_key, expected) => {
    expect(issues(byKey(), { issuer: "i", private_key })).toEqual([
      expect.stringContaining(`credentials.private_key ${expected}`),
    ]);
  });

  test("a key must fit the algorithm of the provider", () => {
    const given = { issuer: "i", private_key: rsa };
    expect(issues(byKey(), given, "{ algorithm: ES256 }")).toEqual([
      "credentials.private_key must be an EC key for ES256",
    ]);
    expect(issues(byKey(), given, "{ algorithm: EdDSA }")).toEqual([
      "credentials.private_key must be an Ed25519 key",
    ]);
  });
});

describe("a service account that a file cannot ask for", () => {
  const key = "private_key: { label: Key, help: B }";
  const issuer = "issuer: { label: A, help: A }";
  test.each<[string, string]>([
    [byKey(issuer), "auth.robot.fields: do not give the private_key of the assertion"],
    [byKey(key), "auth.robot.fields: do not give the issuer of the assertion"],
    [
      byKey(`${issuer}, ${key}, pin: { label: P, help: P }`),
      "fields.pin: is none of issuer, private_key, key_id",
    ],
    [
      byKey(`${issuer}, private_key: { label: K, help: K, secret: false }`),
      "private_key.secret: must be true",
    ],
    [`${byFile}\n      issuer: { label: A, help: A }`, "auth.robot.fields: give the issuer twice"],
    [byFile.replace("private_key_id }", "id, pin: pin }"), "fields.key_file.json.pin: is unknown"],
    [byFile.replace("See there.,", "See there., secret: false,"), "fields.key_file.secret: must be true"],
    [
      byFile.replace("grant: jwt_bearer", "grant: client_credentials"),
      "key_file.json: is for grant: jwt_bearer",
    ],
    [byFile.replace("    provider: id\n", ""), "auth.robot.grant: needs a provider"],
  ])("a way to connect is refused as %s", (auth, expected) => {
    expect(problemsIn(acmeWith(auth)).join("\n")).toContain(expected);
  });

  test.each<[string, string]>([
    ["{ algorithm: HS256 }", "assertion.algorithm: must be one of RS256"],
    ["{ algorithm: none }", "assertion.algorithm: must be one of RS256"],
    ["{ subject: me }", "assertion.subject: must be one of issuer, none"],
    ["{ claims: { exp: 1 } }", "assertion.claims.exp: is set by every assertion itself"],
    ['{ claims: { a: "{private_key}" } }', "assertion.claims.a: {private_key} is unknown: there are {scope}"],
    ["{ claims: { a: [1] } }", "assertion.claims.a: must be"],
    ["{ audiense: a }", "assertion.audiense: is unknown. Did you mean audience?"],
  ])("the assertion %s of a provider is refused", (assertion, expected) => {
    expect(problemsIn(acmeWith(byKey(), provider(assertion))).join("\n")).toContain(expected);
  });
});

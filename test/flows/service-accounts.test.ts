import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Notary, type ServiceAccount, startNotary } from "#support/notary.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Accounts that a program has for itself, and proves with a key. The service checks every signature. @see RFC 7523 */
onEachEngine("service accounts", (engine) => {
  let notary: Notary;
  let skillett: Skillett;
  let now = Date.now();

  beforeAll(async () => {
    notary = await startNotary(() => now);
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/service-accounts", import.meta.url).pathname,
        SKILLETT_NOTARY_TOKEN_URL: `${notary.url}/token`,
        SKILLETT_REGISTRAR_TOKEN_URL: `${notary.url}/token`,
        SKILLETT_NOTARY_FILE_BASE_URL: notary.url,
        SKILLETT_NOTARY_KEY_BASE_URL: notary.url,
      },
    });
  });
  afterAll(async () => {
    await skillett?.close();
    await notary?.close();
  });

  const connect = (integration: string, credentials?: object, more: object = {}) =>
    skillett.call("POST", "/v1/connect", { body: { integration, credentials, ...more } });
  const get = (integration: string) =>
    skillett.call("POST", `/v1/${integration}/get_account`, { body: { params: {} } });
  const keyFile = ({ issuer, privateKey, keyId }: ServiceAccount) => ({
    type: "service_account",
    client_email: issuer,
    private_key_id: keyId,
    private_key: privateKey,
  });

  describe("a key file", () => {
    it("a key file gets a token, and another one when it ends, with one signed request", async () => {
      const account = notary.newAccount("RS256");
      const file = keyFile(account);
      const connected = await connect("notary-file", { key_file: JSON.stringify(file, null, 2) });
      expect(connected.json).toMatchObject({ status: "connected", account: account.issuer });
      const seconds = Math.floor(now / 1000);
      expect(notary.claims.at(-1)).toEqual({
        iss: account.issuer,
        aud: `${notary.url}/token`,
        iat: seconds,
        exp: seconds + 300,
        jti: expect.any(String),
        scope: "read",
        version: 2,
      });
      expect((await get("notary-file")).json).toMatchObject({ status: 200, data: { name: account.issuer } });
      const asked = notary.tokenRequests.length;
      notary.expireAll();
      const replies = await Promise.all([1, 2, 3].map(() => get("notary-file")));
      for (const { json } of replies) expect(json).toMatchObject({ data: { name: account.issuer } });
      expect(notary.tokenRequests.length).toBe(asked + 1);
      now += 3_600_000;
      await get("notary-file");
      expect(notary.tokenRequests.length).toBe(asked + 2);
    });

    it("the members of a key file may be given in its place", async () => {
      const account = notary.newAccount("RS256");
      expect((await connect("notary-file", keyFile(account))).json).toMatchObject({
        account: account.issuer,
      });
    });

    it("scopes of one's own are in the claims, and stay there when the token is renewed", async () => {
      const file = JSON.stringify(keyFile(notary.newAccount("RS256")));
      const { json } = await connect("notary-file", { key_file: file }, { scopes: ["read", "write"] });
      expect(notary.claims.at(-1)).toMatchObject({ scope: "read write" });
      notary.expireAll();
      await skillett.call("POST", "/v1/notary-file/get_account", {
        body: { params: {}, connection: json.connection_id },
      });
      expect(notary.claims.at(-1)).toMatchObject({ scope: "read write" });
    });

    it("a key that was withdrawn is token_expired, and nothing is asked again", async () => {
      const account = notary.newAccount("RS256");
      const { json } = await connect("notary-file", keyFile(account));
      notary.withdraw(account);
      notary.expireAll();
      const call = () =>
        skillett.call("POST", "/v1/notary-file/get_account", {
          body: { params: {}, connection: json.connection_id },
        });
      const expired = await call();
      expect(expired.json).toMatchObject({
        error: "token_expired",
        next: ["skillett connect notary-file --credentials -"],
      });
      const asked = notary.tokenRequests.length;
      expect((await call()).json.error).toBe("token_expired");
      expect(notary.tokenRequests.length).toBe(asked);
    });

    it("a key that the provider does not know is refused, and nothing of it is shown or stored", async () => {
      const account = notary.newAccount("RS256");
      notary.withdraw(account);
      const file = keyFile(account);
      const { status, json, text } = await connect("notary-file", { key_file: JSON.stringify(file) });
      expect({ status, json }).toMatchObject({
        status: 400,
        json: { issues: [{ at: "credentials.key_file", message: expect.stringContaining("invalid_grant") }] },
      });
      expect(text).not.toContain(file.private_key.slice(40, 80));
      const log = await skillett.call("GET", "/v1/connections?integration=notary-file");
      expect(log.text).not.toContain(account.issuer);
    });
  });

  describe("a private key", () => {
    const fields = ({ issuer, privateKey, keyId }: ServiceAccount, subject: string) => ({
      issuer,
      private_key: privateKey,
      key_id: keyId,
      subject,
    });

    it("a private key signs for the person it acts for, with its scopes beside the assertion", async () => {
      const account = notary.newAccount("ES256");
      const { json } = await connect("notary-key", fields(account, "ada@example.com"));
      expect(json).toMatchObject({ status: "connected", account: "ada@example.com" });
      expect(notary.claims.at(-1)).toMatchObject({ iss: account.issuer, sub: "ada@example.com" });
      expect(notary.claims.at(-1)).not.toHaveProperty("scope");
      expect(notary.tokenRequests.at(-1)!.body).toMatchObject({ scope: "read" });
      expect((await get("notary-key")).json.data.name).toBe("ada@example.com");
    });

    it.each([
      ["in one line", (pem: string) => pem.replaceAll("\n", "")],
      ["with spaces in the place of line breaks", (pem: string) => pem.replaceAll("\n", " ")],
      ["as it stands in JSON", (pem: string) => pem.replaceAll("\n", "\\n")],
      ["with CR LF", (pem: string) => pem.replaceAll("\n", "\r\n")],
    ])("a private key %s is read", async (_, change) => {
      const account = notary.newAccount("ES256");
      const given = fields({ ...account, privateKey: change(account.privateKey) }, "grace@example.com");
      expect((await connect("notary-key", given)).json).toMatchObject({ status: "connected" });
    });
  });
});

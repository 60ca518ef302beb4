import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Page, signIn } from "#support/browser.js";
import { type RotatingProvider, startRotatingProvider } from "#support/rotating-provider.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** What browsers bring to the callback and what providers answer, when they are broken or mean no good. */

onEachEngine("signing in with broken answers", (engine) => {
  let provider: RotatingProvider;
  let skillett: Skillett;
  const now = Date.now();

  beforeAll(async () => {
    provider = await startRotatingProvider();
    skillett = await startSkillett(engine, { env: provider.settings(), clock: () => now });
    provider.registerRedirect(`${skillett.url}/callback`);
  });
  afterAll(async () => {
    await skillett?.close();
    await provider?.close();
  });

  const begin = async (more: object = {}, key = skillett.key) =>
    (await skillett.call("POST", "/v1/connect", { key, body: { integration: "odd-oauth", ...more } })).json;
  const poll = async (id: string, key = skillett.key) => skillett.call("GET", `/v1/connect/${id}`, { key });
  const stored = () => skillett.app.database.kysely.selectFrom("credentials").selectAll().execute();
  /** The link back to us, not yet opened. */
  const comeBack = async (url: string) => (await signIn(url, { stopAt: new URL(skillett.url).origin })).url;
  const open = async (url: string): Promise<Page> => {
    const response = await fetch(url, { redirect: "manual" });
    return { url, status: response.status, html: await response.text() };
  };
  describe("requests of browsers to the callback", () => {
    it.each([
      ["nothing", ""],
      ["no state", "?code=abc"],
      ["the state twice", "?code=abc&state=a&state=b"],
      ["a script", "?state=%3Cscript%3Ealert(1)%3C/script%3E&error=%3Cscript%3E"],
      ["an address to go to", "?state=x&redirect_uri=https://evil.example&next=https://evil.example"],
    ])("a callback with %s shows that it is no known sign-in", async (_, query) => {
      const page = await open(`${skillett.url}/callback${query}`);
      expect(page.status).toBe(400);
      expect(page.html).toContain("This is not a sign-in we know");
      expect(page.html).not.toContain("<script");
      expect(page.html).not.toContain("evil.example");
    });

    it.each([
      ["no code", (back: URL) => back.searchParams.delete("code"), "without a code"],
      ["an empty code", (back: URL) => back.searchParams.set("code", ""), "without a code"],
      ["two codes", (back: URL) => back.searchParams.append("code", "other"), "a broken code"],
      ["a huge code", (back: URL) => back.searchParams.set("code", "x".repeat(5_000)), "a broken code"],
      ["a wrong code", (back: URL) => back.searchParams.set("code", "wrong"), "Odd refused (invalid_grant)"],
      [
        "an error with a script",
        (back: URL) => {
          back.searchParams.delete("code");
          back.searchParams.set("error", "server_error");
          back.searchParams.set("error_description", "<script>alert(1)</script>");
        },
        "server_error: &#60;script&#62;alert(1)",
      ],
      [
        "an issuer that is not the provider",
        (back: URL) => back.searchParams.set("iss", "https://evil.example"),
        "cannot be used",
      ],
    ])("a callback with %s fails, and nothing is stored", async (_, change, said) => {
      const { connection_id, oauth_url } = await begin();
      const back = new URL(await comeBack(oauth_url));
      change(back);
      const asked = provider.tokenRequests.length;
      const page = await open(back.href);
      expect(page.status).toBe(400);
      // A code goes to the provider only when the whole answer is its own. @see RFC 9700 §4.4
      expect(provider.tokenRequests.length - asked).toBe(said.includes("invalid_grant") ? 1 : 0);
      expect(page.html).toContain(said);
      expect(page.html).not.toContain("<script");
      expect((await poll(connection_id)).json).toMatchObject({ status: "error" });
      expect(await stored()).toEqual([]);
    });
  });

  describe("answers of a provider to the callback", () => {
    const json = (body: object) => ({ body: JSON.stringify(body) });
    const good = { access_token: "odd_x", token_type: "bearer" };
    it.each([
      ["HTML", { headers: { "content-type": "text/html" }, body: "<h1>Hello</h1>" }, "cannot be used"],
      ["nothing", { body: "" }, "cannot be used"],
      ["a list", { body: "[]" }, "cannot be used"],
      ["half a JSON", { body: '{"access_token":' }, "cannot be used"],
      ["a huge body", { body: `{"access_token":"${"x".repeat(2_000_000)}"}` }, "cannot be used"],
      ["no access_token", json({ token_type: "bearer" }), "access_token"],
      ["an access_token that is a number", json({ ...good, access_token: 7 }), "access_token"],
      ["an empty access_token", json({ ...good, access_token: "" }), "access_token"],
      [
        "an error with HTTP 200",
        json({ error: "bad_verification_code" }),
        "Odd refused (bad_verification_code)",
      ],
      ["a server error", { status: 500, body: "oops" }, "cannot hand out tokens just now (HTTP 500)"],
      ["invalid_client", json({ error: "invalid_client" }), "operator must check"],
      ["a token that opens nothing", json({ ...good, access_token: "odd_unknown" }), "HTTP 401"],
    ])("a sign-in whose provider answers with %s fails, and nothing is stored", async (_, answer, said) => {
      provider.nextTokenAnswer(answer);
      const { connection_id, oauth_url } = await begin();
      const page = await signIn(oauth_url);
      expect(page.status).toBe(400);
      expect(page.html).toContain(said);
      const { json: told } = await poll(connection_id);
      expect(told.status).toBe("error");
      expect(told.message).toContain(said);
      expect(await stored()).toEqual([]);
    });
  });
});

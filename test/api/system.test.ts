import { expect, it } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { connectGithub, describeApi, type Scenario } from "./scenario.js";

/** Health, metrics, the description of the API, and the claim page. */

const html = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const securityOf = {
  none: [],
  key: [{ key: [] }],
  person: [{ jwt: [] }, { session: [] }],
  any: [{ key: [] }, { jwt: [] }, { session: [] }],
};
const claim = { method: "POST", path: "/claim", key: null };

const scenarios: Scenario[] = [
  {
    name: "the server says that it is alive",
    path: "/health",
    key: null,
    expect: { status: 200, exactly: { status: "ok", version: expect.any(String) } },
  },
  {
    name: "the server says that it is ready",
    path: "/ready",
    key: null,
    expect: { status: 200, exactly: { status: "ready" } },
  },
  {
    name: "a claim link with a wrong token leads to a page",
    path: "/claim?token=guess",
    key: null,
    expect: { status: 200, headers: html },
  },
  {
    name: "a claim link that is cut off leads to a page",
    path: "/claim",
    key: null,
    expect: { status: 200, headers: html },
  },
  {
    ...claim,
    name: "claiming with a wrong token is refused",
    body: { token: "guess", email: "ada@example.com", display_name: "Ada", password: "long enough" },
    expect: { status: 403, json: { error: "forbidden", message: expect.stringContaining("skillett up") } },
  },
  {
    ...claim,
    name: "every problem of a claim is reported at once",
    body: { token: "", email: "ada", displayname: "Ada", password: "short" },
    expect: {
      status: 400,
      issues: {
        password: "must have at least 8 characters",
        token: "must not be empty",
        email: "must be an email",
        display_name: "is required",
        displayname: "is unknown. Did you mean display_name?",
      },
    },
  },
  {
    ...claim,
    name: "claiming with an empty form is refused",
    headers: form,
    body: "",
    expect: { status: 400, json: { error: "bad_request" } },
  },
  {
    ...claim,
    name: "claiming with a name twice in the form is refused",
    headers: form,
    body: "token=guess&token=guess&email=ada%40example.com&display_name=Ada&password=long+enough",
    expect: { status: 400, issues: { token: "must be a string, not an array" } },
  },
];

describeApi(
  "system",
  (stage) => connectGithub(stage),
  scenarios,
  (stage) => {
    it("the instance is claimed once, and what a person types is only text", async () => {
      const { skillett } = stage();
      const page = await skillett.call("GET", `/claim?token=${skillett.claimToken}`, { key: null });
      expect(page.text).toContain(`value="${skillett.claimToken}"`);
      expect(page.headers.get("cache-control")).toBe("no-store");

      const name = `<script>alert("1")</script> & O'Hara`;
      const person = {
        token: skillett.claimToken,
        email: "ada@example.com",
        display_name: name,
        password: "long enough",
      };
      const send = () =>
        skillett.call("POST", "/claim", {
          key: null,
          headers: form,
          body: new URLSearchParams(person).toString(),
        });
      const claimed = await send();
      expect(claimed).toMatchObject({ status: 200 });
      expect(claimed.text).toContain("&#60;script&#62;");
      expect(claimed.text).not.toMatch(/<script|O'Hara/);
      const profiles = await skillett.app.database.kysely.selectFrom("profiles").selectAll().execute();
      expect(profiles).toMatchObject([
        { email: "ada@example.com", display_name: name, claim_token_hash: null },
      ]);

      expect(await send()).toMatchObject({ status: 403, json: { error: "forbidden" } });
      const again = await skillett.call("GET", `/claim?token=${skillett.claimToken}`, { key: null });
      expect(again.text).toContain("does not work any more");
      expect(again.text).not.toContain(skillett.claimToken);
      expect(await skillett.app.ownership.prepare()).toEqual({ apiKey: undefined, claimToken: undefined });
      expect((await skillett.call("GET", "/v1/usage")).status).toBe(200);
    });

    it("metrics count calls by how they ended", async () => {
      const { skillett } = stage();
      await skillett.call("POST", "/v1/github/get_authenticated_user", { body: {} });
      await skillett.call("POST", "/v1/github/get_issue", { body: {} });
      const { text, headers } = await skillett.call("GET", "/metrics", { key: null });
      expect(headers.get("content-type")).toMatch(/^text\/plain/);
      expect(text).toContain(
        'skillett_calls_total{integration="github",endpoint="get_authenticated_user",status="completed",error=""} 1',
      );
      expect(text).toContain('endpoint="get_issue",status="refused",error="bad_request"} 1');
      expect(text).toMatch(/skillett_call_duration_seconds_count\{integration="github"\} 2/);
      expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    });

    it("openapi.json has every route of the contract and says who may ask", async () => {
      const { json } = await stage().skillett.call("GET", "/openapi.json", { key: null });
      expect(json.openapi).toMatch(/^3\.1/);
      for (const { method, path, auth, reply } of Object.values(contract) as Route[]) {
        const operation =
          json.paths[path.replace(/:(\w+)/g, "{$1}").replace("*", "{*}")]?.[method.toLowerCase()];
        expect(operation, `${method} ${path}`).toBeDefined();
        expect(operation.security ?? []).toEqual(securityOf[auth]);
        expect(Object.keys(operation.responses)).toContain(String(reply.status));
      }
    });
  },
);

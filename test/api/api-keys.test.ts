import { expect, it } from "vitest";
import { addKey, addPerson, describeApi, type Scenario } from "./scenario.js";

/** /api-keys */

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const create = { method: "POST", path: "/api-keys" };
const forbidden = (words: string): Scenario["expect"] => ({
  status: 403,
  json: { error: "forbidden", message: expect.stringContaining(words) },
});

const scenarios: Scenario[] = [
  {
    ...create,
    name: "a new key is shown in full this once",
    body: { name: "my agent" },
    expect: {
      status: 201,
      exactly: {
        api_key: {
          id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
          name: "my agent",
          key_prefix: expect.stringMatching(/^sk_[0-9a-f]{8}$/),
          scopes: ["*"],
          expires_at: null,
          created_at: isoTime,
        },
        full_key: expect.stringMatching(/^sk_[0-9a-f]{40}$/),
      },
    },
  },
  {
    ...create,
    name: "a new key may have scopes and an end",
    body: { name: "short", scopes: ["github", "gmail"], expires_at: "2999-01-31T12:00:00+02:00" },
    expect: {
      status: 201,
      json: { api_key: { scopes: ["github", "gmail"], expires_at: "2999-01-31T10:00:00.000Z" } },
    },
  },
  {
    ...create,
    name: "every problem of a new key is reported at once",
    body: { scopes: [], expires_at: "tomorrow", scope: "github" },
    expect: {
      status: 400,
      issues: {
        name: "is required",
        scopes: "fewer than 1",
        expires_at: "must be a date-time",
        scope: "is unknown. Did you mean scopes?",
      },
    },
  },
  {
    ...create,
    name: "a scope that is no integration is refused with the nearest",
    body: { name: "x", scopes: ["github", "gmial"] },
    expect: { status: 400, issues: { "scopes[1]": "there is no integration gmial. Did you mean gmail?" } },
  },
  {
    ...create,
    name: "an end in the past is refused",
    body: { name: "x", expires_at: "2020-01-01T00:00:00Z" },
    expect: { status: 400, issues: { expires_at: "must lie in the future" } },
  },
  {
    ...create,
    name: "an end that is no day is refused",
    body: { name: "x", expires_at: "2999-02-31T00:00:00Z" },
    expect: { status: 400, issues: { expires_at: "must be a date-time" } },
  },
  {
    ...create,
    name: "a name that is too long is refused",
    body: { name: "x".repeat(101) },
    expect: { status: 400, issues: { name: "at most 100" } },
  },
  {
    ...create,
    name: "a key does not make one that may do more",
    key: "github only",
    body: { name: "x", scopes: ["github", "gmail"] },
    expect: forbidden("may not give what it does not have: gmail"),
  },
  {
    ...create,
    name: "a key does not make one that may do everything by leaving the scopes out",
    key: "github only",
    body: { name: "x" },
    expect: forbidden("may not give what it does not have: *"),
  },
  {
    ...create,
    name: "a key makes one that may do the same",
    key: "github only",
    body: { name: "x", scopes: ["github"] },
    expect: { status: 201, json: { api_key: { scopes: ["github"] } } },
  },
  {
    ...create,
    name: "a key does not make one that outlives it",
    key: "short-lived",
    body: { name: "x", expires_at: "2999-01-02T00:00:00Z" },
    expect: forbidden("Set expires_at to 2999-01-01T00:00:00.000Z or earlier"),
  },
  {
    ...create,
    name: "a key does not make one that lives for ever",
    key: "short-lived",
    body: { name: "x" },
    expect: forbidden("may not make one that outlives it"),
  },
  {
    ...create,
    name: "a key makes one that ends with it",
    key: "short-lived",
    body: { name: "x", expires_at: "2999-01-01T00:00:00Z" },
    expect: { status: 201 },
  },
  {
    name: "a key that is not there is not revoked",
    method: "DELETE",
    path: "/api-keys/key_0",
    expect: { status: 404, json: { error: "not_found", message: "API key not found." } },
  },
];

describeApi(
  "api keys",
  async (stage) => {
    await addKey(stage, "github only", { scopes: ["github"] });
    await addKey(stage, "short-lived", { expires_at: "2999-01-01T00:00:00Z" });
    await addPerson(stage, "pat");
  },
  scenarios,
  (stage) => {
    it("a key is listed and used until it is revoked, which stays so", async () => {
      const { skillett } = stage();
      const { api_key, full_key } = (await skillett.call("POST", "/api-keys", { body: { name: "agent" } }))
        .json;
      const use = () => skillett.call("GET", "/v1/usage", { key: full_key });
      const listed = async () => {
        const { text, json } = await skillett.call("GET", "/api-keys");
        expect(text).not.toContain(full_key);
        return json.find(({ id }: { id: string }) => id === api_key.id);
      };
      expect(await listed()).toEqual({ ...api_key, last_used_at: null, revoked_at: null });
      expect((await use()).status).toBe(200);
      expect((await listed()).last_used_at).toEqual(isoTime);

      const gone = await skillett.call("DELETE", `/api-keys/${api_key.id}`);
      expect(gone).toMatchObject({ status: 204, text: "" });
      expect(await use()).toMatchObject({ status: 401, json: { error: "api_key_revoked" } });
      const { revoked_at } = await listed();
      expect(revoked_at).toEqual(isoTime);

      expect((await skillett.call("DELETE", `/api-keys/${api_key.id}`)).status).toBe(204);
      expect((await listed()).revoked_at).toBe(revoked_at);
    });

    it("a key does not revoke one that may do more", async () => {
      const { skillett } = stage();
      const make = async (name: string, scopes: string[]) =>
        (await skillett.call("POST", "/api-keys", { body: { name, scopes } })).json;
      const [narrow, wide] = [await make("narrow", ["github"]), await make("wide", ["*"])];
      const revoke = (id: string) => skillett.call("DELETE", `/api-keys/${id}`, { key: narrow.full_key });
      expect(await revoke(wide.api_key.id)).toMatchObject({ status: 403, json: { error: "forbidden" } });
      expect((await revoke(narrow.api_key.id)).status).toBe(204);
    });

    it("a person makes as many keys as the plan allows", async () => {
      const { skillett, names } = stage();
      const onPlan = (plan: string) =>
        skillett.app.database.kysely
          .updateTable("profiles")
          .set({ plan })
          .where("display_name", "=", "pat")
          .execute();
      const add = () => skillett.call("POST", "/api-keys", { key: names.pat!, body: { name: "more" } });
      await onPlan("free");
      expect(await add()).toMatchObject({
        status: 403,
        json: {
          error: "plan_limit_reached",
          message: "Plan limit reached: maximum 1 API keys. Upgrade your plan for more.",
          action_url: `${skillett.url}/dashboard/settings`,
        },
      });
      await onPlan("pro");
      expect((await add()).status).toBe(201);
    });
  },
);

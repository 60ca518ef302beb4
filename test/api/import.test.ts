import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type ShopService, startShopService } from "#support/shop-service.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type Company, gatherCompany } from "#support/world.js";

const openapi = (more: object = {}, path: object = {}) =>
  JSON.stringify({
    openapi: "3.1.0",
    info: { title: "Acme" },
    servers: [{ url: "https://acme.example/v1" }],
    paths: { "/things": { get: { operationId: "listThings", responses: {}, ...path } } },
    ...more,
  });

const folder = (files: unknown) => JSON.stringify({ files });
const asFolder = "?content=folder&slug=acme";

/** Bodies that are refused: the query, the body, and a part of the answer. */
const bad: [what: string, query: string, body: string, answer: RegExp][] = [
  ["no body", "", "", /body: is empty/],
  ["a body that is no description", "", "hello", /description/],
  ["broken JSON", "", '{"openapi": ', /description/],
  ["a description without operations", "", openapi({ paths: {} }), /has no operations/],
  ["a description without a title", "", openapi({ info: {} }), /query\.slug: is missing/],
  ["a description without a server", "?slug=acme", openapi({ servers: [] }), /base_url/],
  ["a server of this program", "?slug=acme", openapi({ servers: [{ url: "inside://sandbox" }] }), /base_url/],
  ["a private address", "?slug=acme", openapi({ servers: [{ url: "https://10.0.0.1/v1" }] }), /not public/],
  [
    "an address of a cloud's metadata",
    "?base_url=http://169.254.169.254",
    openapi(),
    /without TLS|not public/,
  ],
  [
    "a document that is somewhere else",
    "",
    openapi({}, { requestBody: { $ref: "https://a.example/b.json#/c" } }),
    /documents\.https:\/\/a\.example\/b\.json: is needed/,
  ],
  ["an unknown tag", "?tag=Nothing", openapi(), /there is no Nothing/],
  ["a reserved slug", "?slug=skills", openapi(), /reserved/],
  ["a slug in another form", "?slug=../x", openapi(), /lower-case letters/],
  ["a slug named __proto__", "?slug=__proto__", openapi(), /lower-case letters/],
  ["a slug of one that ships", "?slug=github", openapi(), /comes with this server/],
  ["an unknown option", "?slugg=acme", openapi(), /slugg/],
  [
    "YAML that unfolds without end",
    "?slug=acme",
    `a: &a [x,x]\n${Array.from({ length: 40 }, (_, n) => `b${n}: &b${n} [${n ? `*b${n - 1},*b${n - 1}` : "*a,*a"}]`).join("\n")}`,
    /description/,
  ],
  ["lists in lists without end", "?slug=acme", `${"[".repeat(100_000)}`, /description/],
  ["a folder that is no JSON", asFolder, "name: Acme", /body: must be a JSON object/],
  ["a folder without files", asFolder, "{}", /files: must be an object/],
  ["a file that is no text", asFolder, folder({ "SKILL.md": 1 }), /files\.SKILL\.md: must be a text/],
  ["a folder without a slug", "?content=folder", folder({}), /query\.slug: is missing/],
  ["a folder for nothing", asFolder, folder({ "SKILL.md": "x" }), /has no integration\.yaml/],
  [
    "a path that leads out",
    asFolder,
    folder({ "integration.yaml": "", "../x.md": "" }),
    /not one of a folder/,
  ],
  [
    "documents that are no texts",
    "?content=documents",
    JSON.stringify({ description: openapi(), documents: { a: 1 } }),
    /documents\.a/,
  ],
];

onEachEngine("imports", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;
  let shop: ShopService;
  let company: Company;

  beforeAll(async () => {
    shop = await startShopService();
    cleanup.add(shop.close);
    skillett = await startSkillett(engine, { env: { ...shop.env, SKILLETT_SIGN_UP: "open" } });
    cleanup.add(skillett.close);
    company = await gatherCompany(skillett);
  });
  afterAll(cleanup.run);

  const load = (query: string, body: string | Uint8Array, key?: string) =>
    skillett.call("POST", `/v1/integrations/import${query}`, { body, ...(key ? { key } : {}) });

  it("every bad body is refused with a reason, and nothing of it is stored", async () => {
    const before = (await skillett.call("GET", "/v1/integrations")).json;
    for (const [what, query, body, answer] of bad) {
      const { status, text } = await load(query, body);
      expect({ what, status: status >= 400 && status < 500, text }).toEqual({
        what,
        status: true,
        text: expect.stringMatching(answer),
      });
      expect(text.length).toBeLessThan(20_000);
    }
    expect((await skillett.call("GET", "/v1/integrations")).json).toEqual(before);
  });

  it("hostile names and shapes of a description become endpoints that are harmless", async () => {
    const operation = (operationId: string, more: object = {}) => ({ operationId, responses: {}, ...more });
    const tree = { type: "object", properties: { child: { $ref: "#/components/schemas/tree" } } };
    const param = (name: string) => ({ name, in: "query", schema: { type: "string" } });
    const { status, json } = await load(
      "?slug=hostile",
      openapi({
        components: { schemas: { tree } },
        paths: {
          "/a": { get: operation("../../etc/passwd"), post: operation("__proto__") },
          "/b": { get: operation("same"), post: operation("same") },
          "/c": {
            get: operation("constructor", {
              parameters: ["__proto__", "constructor", "a b", "x]"].map(param),
            }),
            post: operation("tree", {
              requestBody: {
                content: { "application/json": { schema: { $ref: "#/components/schemas/tree" } } },
              },
            }),
          },
          "/d/{../../x}": { get: operation("") },
        },
      }),
    );
    expect({ status, json }).toMatchObject({ status: 200, json: { created: true } });
    for (const name of json.diff.added) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    const page = await skillett.call("GET", "/v1/integrations/hostile");
    expect(page.json.endpoints).toHaveLength(json.endpoints.on + json.endpoints.off);
  });

  it("people who may not import are refused before the body is read", async () => {
    for (const who of ["engineer", "member", "viewer"] as const) {
      expect((await load("", "x".repeat(1000), company[who].key)).status).toBe(403);
    }
    expect((await load("?slug=theirs", openapi(), company.admin.key)).status).toBe(200);
  });

  it("an import is the tenant's alone, and its slug is free for others", async () => {
    await load("?slug=mine", openapi());
    const { json } = await skillett.call("GET", "/v1/integrations", { key: company.admin.key });
    expect(json.integrations.map((it: { integration: string }) => it.integration)).not.toContain("mine");
    expect((await load("?slug=mine", openapi(), company.admin.key)).json).toMatchObject({ created: true });
  });

  it("a body that is too large is refused by its length", async () => {
    const { status, json } = await load("?slug=large", new Uint8Array(41 * 1024 * 1024));
    expect({ status, error: json?.error }).toEqual({ status: 413, error: "payload_too_large" });
  });
});

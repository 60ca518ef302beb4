import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { type Answer, createTestHost, startServer } from "#support/cli.js";
import { startShopService } from "#support/shop-service.js";
import { type Skillett, startSkillett } from "#support/skillett.js";

/** `skillett integrations import | new | validate`, against a server. */
const cleanup = createCleanup();
let skillett: Skillett;
let root: string;
let web: Awaited<ReturnType<typeof startServer>>;
let base: string;
let description: string;
const pages: Record<string, Answer> = {};

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "skillett-import-"));
  cleanup.add(async () => rmSync(root, { recursive: true }));
  const shop = await startShopService();
  cleanup.add(shop.close);
  base = `${shop.url}/v1`;
  description = shop.description();
  skillett = await startSkillett("sqlite", { env: shop.env });
  cleanup.add(skillett.close);
  web = await startServer(({ url }) => pages[url] ?? { status: 404, json: {} });
  cleanup.add(web.close);
});
afterAll(cleanup.run);

async function run(args: string[], options: { stdin?: string; shown?: boolean } = {}) {
  const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
  const { host, output } = createTestHost({ directory: root, env, ...options });
  const code = await runCli(["integrations", ...args], host);
  return { code, ...output };
}
const put = (at: string, text: string) => {
  mkdirSync(path.dirname(path.join(root, at)), { recursive: true });
  writeFileSync(path.join(root, at), text);
};

it("a new folder is valid and can be imported as it is", async () => {
  expect(await run(["new", "acme"])).toMatchObject({
    code: 0,
    stderr:
      "Fill in acme, then: skillett integrations validate acme, and skillett integrations import acme\n",
  });
  expect((await run(["new", "acme"])).code).toBe(64);
  const valid = await run(["validate", "acme"]);
  expect(valid).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(valid.stdout)).toMatchObject({ valid: true, integration: "acme", created: true });
  const imported = JSON.parse((await run(["import", "acme"])).stdout);
  expect(imported).toMatchObject({ integration: "acme", created: true, endpoints: { on: 1, off: 0 } });
});

it("a folder that is wrong is told all of it with lines, and nothing is imported", async () => {
  const file = "wrong/endpoints/items/list_items.md";
  await run(["new", "wrong"]);
  put(
    file,
    readFileSync(path.join(root, file), "utf8").replace("efect", "effect").replace("effect:", "efect:"),
  );
  put("wrong/integration.yaml", "name: Wrong\nbase_url: inside://sandbox\n");
  const { code, stderr } = await run(["validate", "wrong"]);
  expect(code).toBe(1);
  expect(stderr).toContain("✗ wrong/integration.yaml:2: base_url: is of a service of this program");
  expect(stderr).toContain("✗ wrong/integration.yaml:1: auth: is required");
  expect(stderr).toMatch(/✗ wrong\/endpoints\/items\/list_items\.md:\d+: efect: is unknown/);
  expect((await run(["import", "wrong"])).code).toBe(1);
  expect((await run(["list", "wrong"])).code).toBe(1);
});

it("a description comes from a file, from stdin, and from the web, and a person reads what became of it", async () => {
  put("openapi.json", description);
  const shown = await run(["import", "openapi.json", "--base-url", base], { shown: true });
  expect(shown.stdout).toContain(
    "acme-shop is new: 2 endpoints on, 1 off (what writes is off until you switch it on).",
  );
  expect(shown.stdout).toContain("skillett connect acme-shop");
  const again = await run(["import", "-", "--base-url", base, "--dry-run"], {
    stdin: description,
    shown: true,
  });
  expect(again.stdout).toContain("Nothing differs from before.");
  pages["/moved"] = { status: 200, text: description };
  const fetched = await run(["import", `${web.url}/moved`, "--slug", "web-shop", "--base-url", base]);
  expect(JSON.parse(fetched.stdout)).toMatchObject({ integration: "web-shop", created: true });
});

it("operations are chosen by tag and by name", async () => {
  const chosen = await run(
    ["import", "-", "--slug", "few", "--operation", "getOrder", "--operation", "listOrders"],
    {
      stdin: description,
    },
  );
  expect(JSON.parse(chosen.stdout).diff.added).toEqual(["get_order", "list_orders"]);
  const none = await run(["import", "-", "--slug", "none", "--tag", "Odrers"], { stdin: description });
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("Did you mean Orders?") });
});

it("a web page is no description, and says where to look", async () => {
  pages["/docs"] = { text: "<!doctype html><title>Docs</title>", type: "text/html" };
  const page = await run(["import", `${web.url}/docs`]);
  expect(page).toMatchObject({ code: 64, stderr: expect.stringMatching(/is a web page.*openapi\.json/s) });
  const nobody = await run(["import", "http://127.0.0.1:9/openapi.json"]);
  expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining("No server answers at") });
  expect(nobody.stderr).not.toContain("skillett up");
  expect(await run(["import", `${web.url}/none`])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("answered 404"),
  });
});

it("documents beside the description are read, those of the web only when that is asked for", async () => {
  const withReference = (reference: string) =>
    JSON.stringify({
      openapi: "3.1.0",
      info: { title: "Parts" },
      servers: [{ url: "https://parts.example/v1" }],
      paths: {
        "/parts": {
          post: {
            operationId: "createPart",
            requestBody: { content: { "application/json": { schema: { $ref: reference } } } },
            responses: {},
          },
        },
      },
    });
  const part = JSON.stringify({ type: "object", properties: { color: { type: "string" } } });
  put("parts/openapi.json", withReference("schemas/part.json"));
  put("parts/schemas/part.json", part);
  const local = await run(["import", "parts/openapi.json"]);
  expect(JSON.parse(local.stdout)).toMatchObject({ integration: "parts", endpoints: { on: 0, off: 1 } });

  pages["/part.json"] = { text: part };
  put("remote.json", withReference(`${web.url}/part.json`));
  expect(await run(["import", "remote.json"])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("--remote-refs"),
  });
  expect((await run(["import", "remote.json", "--remote-refs"])).code).toBe(0);
  put("outside.json", withReference("../secret.json"));
  expect(JSON.stringify(await run(["import", "outside.json"]))).not.toContain("secret.json cannot be read");
});

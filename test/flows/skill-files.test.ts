import { afterAll, beforeAll, expect, it } from "vitest";
import { publishSkills } from "#support/published-skills.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertKey, type Person, signUp } from "#support/world.js";

/** Skills are written by anybody, and their files lie at the origin where people are signed in. */

const script = "document.title = 'it runs'";
const hostile: Record<string, string | Buffer> = {
  html: `<!doctype html><script>${script}</script>`,
  htm: `<!doctype html><script>${script}</script>`,
  xhtml: `<html xmlns="http://www.w3.org/1999/xhtml"><script>${script}</script></html>`,
  svg: `<svg xmlns="http://www.w3.org/2000/svg"><script>${script}</script></svg>`,
  xml: `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">${script}</x:script>`,
  js: script,
  mjs: script,
  css: "body { display: none }",
  json: `[${JSON.stringify(`<script>${script}</script>`)}]`,
  md: `<script>${script}</script>`,
  txt: `<script>${script}</script>`,
  pdf: `%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj`,
  png: Buffer.from(`\x89PNG<script>${script}</script>`, "latin1"),
  swf: Buffer.from("FWS\xff", "latin1"),
  HTML: `<!doctype html><script>${script}</script>`,
};
/** What a browser runs or applies when another page asks for it as a script, a style sheet or a worker. */
const runnable = /javascript|ecmascript|jscript|livescript|wasm|css/i;

onEachEngine("files of skills in browsers", (engine) => {
  let skillett: Skillett;
  let ann: Person;
  let key: string;
  let address: string;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    ann = await signUp(skillett, "Ann");
    const files = Object.entries(hostile).map(([extension, bytes]) => ({ path: `x.${extension}`, bytes }));
    const [id] = await publishSkills(skillett.app.database, ann.tenantId, [
      {
        slug: "hostile",
        description: "Means no good.",
        files: files.filter(({ path }) => path !== "x.HTML"),
      },
      {
        slug: "shouting",
        description: "Means no good.",
        files: files.filter(({ path }) => path === "x.HTML"),
      },
    ]);
    await ann.call("POST", "/api/agents", { name: "reader" });
    await ann.call("POST", `/api/skills/${id}/assign`, { agentId: "reader" });
    await ann.call("POST", "/api/skills/shouting/assign", { agentId: "reader" });
    const { json } = await ann.call("POST", "/v1/agents/reader/addresses", { name: "installer" });
    address = new URL(json.url).pathname;
    key = (await insertKey(skillett.app.database, ann)).key;
  });
  afterAll(() => skillett?.close());

  const asPerson = (path: string) => ann.call("GET", path);
  const withKey = (path: string) => skillett.call("GET", path, { key });
  const ways: [way: string, get: (slug: string, file: string) => Promise<Reply>][] = [
    ["a page's route", (slug, file) => asPerson(`/api/skills/${slug}/versions/1.0.0/files/${file}`)],
    ["well-known", (slug, file) => withKey(`/.well-known/agent-skills/${slug}/${file}`)],
    ["the older well-known", (slug, file) => withKey(`/.well-known/skills/${slug}/${file}`)],
    ["an address", (slug, file) => asPerson(`${address}/.well-known/agent-skills/${slug}/${file}`)],
    ["the older address", (slug, file) => asPerson(`${address}/.well-known/skills/${slug}/${file}`)],
  ];
  function expectInert({ status, headers }: Reply, what: string): void {
    expect([status, headers.get("x-content-type-options")], what).toEqual([200, "nosniff"]);
    expect(headers.get("content-disposition"), what).toMatch(/^attachment(;|$)/);
    expect(headers.get("content-security-policy"), what).toBe("default-src 'none'; sandbox");
    expect(headers.get("content-type"), what).toMatch(/^[a-z]+\/[\w.+-]+(; charset=utf-8)?$/);
    expect(headers.get("content-type"), what).not.toMatch(runnable);
  }

  it.each(ways)(
    "a file that comes by %s is saved, and neither shown nor run, whatever its extension",
    async (_, get) => {
      for (const extension of Object.keys(hostile)) {
        const slug = extension === "HTML" ? "shouting" : "hostile";
        expectInert(await get(slug, `x.${extension}`), extension);
      }
    },
  );

  it("an archive of a skill is saved, and neither shown nor run", async () => {
    expectInert(await asPerson("/api/skills/hostile/export"), "export");
    expectInert(await withKey("/.well-known/agent-skills/hostile.tar.gz"), "archive");
    expectInert(await asPerson(`${address}/.well-known/agent-skills/hostile.tar.gz`), "archive by address");
  });

  it("a version that a browser has already is confirmed with the same headers", async () => {
    const path = "/.well-known/agent-skills/hostile/x.html";
    const headers = { "if-none-match": "*" };
    const reply = await skillett.call("GET", path, { key, headers });
    expect(reply.status).toBe(304);
    expect(reply.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  });
});

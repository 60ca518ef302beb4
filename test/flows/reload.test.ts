import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { type RenamedService, startRenamedService } from "#support/renamed-service.js";
import { type Skillett, startSkillett } from "#support/skillett.js";

/** The operator's folders, read again while the server runs. */

const nothing = {
  added: [],
  removed: [],
  changed: [],
  endpoints: { added: [], removed: [], renamed: [], effects: [] },
};

describe("folders that are read again", () => {
  let cleanup: ReturnType<typeof createCleanup>;
  let service: RenamedService;
  let other: RenamedService;
  let skillett: Skillett;
  beforeEach(async () => {
    cleanup = createCleanup();
    [service, other] = [await startRenamedService(), await startRenamedService()];
    cleanup.add(service.close);
    cleanup.add(other.close);
    const hosts = [
      `integration:shelf=${new URL(service.url).host}`,
      `integration:shelf-uploads=${new URL(other.url).host}`,
    ];
    const env = { ...service.env, SKILLETT_ALLOW_HOSTS: hosts.join() };
    skillett = await startSkillett("sqlite", { env });
    cleanup.add(skillett.close);
  });
  afterEach(() => cleanup.run());

  const books = (name: string) => path.join(service.folder, "endpoints", "books", `${name}.md`);
  const change = (file: string, from: string, to: string) =>
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  const reload = () => skillett.call("POST", "/v1/admin/integrations/reload");
  const call = (endpoint: string, params: object = {}) =>
    skillett.call("POST", `/v1/shelf/${endpoint}`, { body: { params } });

  it("nothing is different when nothing was changed", async () => {
    expect(await reload()).toMatchObject({ status: 200, json: nothing });
  });

  it("the answer says what is different, and the next request has it", async () => {
    renameSync(books("list_books"), books("show_books"));
    change(
      books("show_books"),
      "formerly: [fetch_books, get_books]",
      "formerly: [fetch_books, get_books, list_books]",
    );
    change(books("a_list_of_books"), "effect: read", "effect: write");
    writeFileSync(
      books("burn_book"),
      readFileSync(books("add_book"), "utf8").replace("formerly: [put_book]\n", ""),
    );
    rmSync(books("move_book"));
    cpSync("test/fixtures/integrations/odd-open", path.join(service.folder, "..", "odd-open"), {
      recursive: true,
    });
    const { status, json } = await reload();
    expect([status, json.added, json.removed, json.changed]).toEqual([200, ["odd-open"], [], ["shelf"]]);
    expect(json.endpoints).toMatchObject({
      added: expect.arrayContaining(["shelf.burn_book"]),
      removed: ["shelf.move_book"],
      renamed: [{ from: "shelf.list_books", to: "shelf.show_books" }],
      effects: [{ endpoint: "shelf.a_list_of_books", from: "read", to: "write" }],
    });
    expect((await call("list_books")).json.hint.message).toContain("is called show_books now");
    expect((await call("move_book", { title: "x" })).status).toBe(404);
    expect((await call("burn_book", { title: "x" })).status).toBe(200);
    const { endpoints } = (await skillett.call("GET", "/v1/skills?q=show the books on the shelf")).json;
    expect(endpoints.map(({ name }: { name: string }) => name)).toContain("show_books");
    expect(await reload()).toMatchObject({ json: nothing });
    rmSync(service.folder, { recursive: true });
    expect((await reload()).json).toMatchObject({ removed: ["shelf"], changed: [] });
    expect((await call("show_books")).status).toBe(404);
  });

  it("problems are told all together, and nothing changes", async () => {
    change(books("list_books"), "effect: read", "effect: reads");
    change(books("add_book"), "params: { title: Emma }", "params: { title: 7 }");
    writeFileSync(books("new_book"), "nothing");
    const { status, json } = await reload();
    expect([status, json.error]).toEqual([409, "conflict"]);
    expect(json.message).toMatch(/^Nothing has changed, because the folders have \d+ problems: shelf\//);
    const places = json.issues.map(({ at }: { at: string }) => at.replace(/:\d+$/, ""));
    const files = ["list_books", "add_book", "new_book"].map((name) => `shelf/endpoints/books/${name}.md`);
    for (const file of files) expect(places).toContain(file);
    expect((await call("list_books")).status).toBe(200);
    expect((await call("new_book")).status).toBe(404);
    const { host, output } = createTestHost({
      env: { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key },
    });
    expect(await runCli(["integrations", "reload"], host)).toBe(1);
    expect(output.stderr).toContain("shelf/endpoints/books/new_book.md:1: has no front matter");
    for (const name of ["list_books", "add_book"]) rmSync(books(name));
    rmSync(books("new_book"));
    rmSync(books("move_book"));
    change(books("a_list_of_books"), "instead: fetch_books, ", "");
    const again = createTestHost({ env: { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key } });
    expect(await runCli(["integrations", "reload"], again.host)).toBe(0);
    expect(JSON.parse(again.output.stdout).endpoints.removed).toHaveLength(3);
  });

  it("a call under way finishes with what it began with, and new ones are sent elsewhere", async () => {
    let letGo = () => {};
    service.held = new Promise((resolve) => {
      letGo = resolve;
    });
    const running = call("list_books");
    await expect.poll(() => service.requests).toEqual(["GET /books"]);
    change(
      path.join(service.folder, "integration.yaml"),
      "auth:",
      `base_urls: { uploads: ${other.url} }\nauth:`,
    );
    change(books("list_books"), "request: GET /books", "base: uploads\nrequest: GET /books");
    expect((await reload()).json.changed).toEqual(["shelf"]);
    const later = await call("list_books");
    // The host is allowed by the name of a base URL that there was not at the start.
    expect([later.status, other.requests]).toEqual([200, ["GET /books"]]);
    letGo();
    expect((await running).json.data).toEqual({ books: [{ id: 1 }] });
  });

  it("several at once are done one after the other, and all answer", async () => {
    change(books("add_book"), "summary: Add", "summary: Now add");
    const answers = await Promise.all([reload(), reload(), reload()]);
    expect(answers.flatMap(({ json }) => json.changed)).toEqual(["shelf"]);
  });
});

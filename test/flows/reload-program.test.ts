import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { type RenamedService, startRenamedService } from "#support/renamed-service.js";
import { createSite, type Site } from "./program.js";

/** The built program, and folders that change between its starts and while it runs. */

describe("the folders of a built server", () => {
  const cleanup = createCleanup();
  let service: RenamedService;
  let site: Site;
  beforeAll(async () => {
    service = await startRenamedService();
    cleanup.add(service.close);
    site = await createSite("sqlite", { ...service.env, SKILLETT_LOG_LEVEL: "info" });
    cleanup.add(site.close);
  });
  afterAll(() => cleanup.run());

  const book = () => path.join(service.folder, "endpoints", "books", "add_book.md");
  const summarize = (text: string) =>
    writeFileSync(book(), readFileSync(book(), "utf8").replace(/^summary: .*$/m, `summary: ${text}`));
  const summary = async () => (await site.call("GET", "/v1/skills/shelf/add_book")).json.summary;
  const names = () => cached().map(({ name }) => name);
  const cached = () => {
    const directory = path.join(site.directory, "data", "catalog-cache");
    return (existsSync(directory) ? readdirSync(directory) : []).map((name) => {
      const { mode, ino, mtimeMs } = statSync(path.join(directory, name));
      return { name, mode, ino, mtimeMs };
    });
  };

  it("SIGHUP has it read them again, a problem is in the log, and a start finds what was compiled", async () => {
    const first = await site.up();
    await expect.poll(() => names(), { timeout: 20_000 }).toContain("shelf.cache");
    for (const { mode } of cached()) expect(mode & 0o777).toBe(0o600);
    const [before] = cached().filter(({ name }) => name === "github.cache");

    summarize("Add another book");
    first.child.kill("SIGHUP");
    await expect.poll(summary, { timeout: 20_000 }).toBe("Add another book");
    expect(first.stderr()).toContain("the folders of integrations were read again");

    writeFileSync(path.join(service.folder, "search.yaml"), "shapes: [squares]\n");
    first.child.kill("SIGHUP");
    await expect.poll(() => first.stderr(), { timeout: 20_000 }).toContain("shelf/search.yaml:1: shapes.0");
    expect(await summary()).toBe("Add another book");
    writeFileSync(path.join(service.folder, "search.yaml"), "shapes: [number]\n");
    await first.stop();

    const second = await site.up();
    expect(await summary()).toBe("Add another book");
    expect(cached().filter(({ name }) => name === "github.cache")).toEqual([before]);
    await second.stop();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { createCleanup } from "#support/cleanup.js";
import { createTestHost } from "#support/cli.js";
import { startGithub } from "#support/github-stand-in.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp } from "../mcp/mcp-clients.js";
import { bigId, type PagedService, startPagedService, total } from "./paged-service.js";

/** All pages of a list on the command line and over MCP, and those of a real service. */

describe("all pages of a list, by other ways in", () => {
  const cleanup = createCleanup();
  let service: PagedService;
  let skillett: Skillett;
  beforeAll(async () => {
    service = await startPagedService();
    cleanup.add(service.close);
    skillett = await startSkillett("sqlite", {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/pages", import.meta.url).pathname,
        SKILLETT_PAGED_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
    await skillett.connect("paged", "token-0123456789");
    await skillett.setPlan("unlimited");
  });
  afterAll(() => cleanup.run());
  beforeEach(() => {
    service.asked.length = 0;
  });

  const everyId = Array.from({ length: total }, (_, i) => `i${i}`);

  describe("skillett run --all", () => {
    async function cli(...args: string[]) {
      const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: skillett.key };
      const { host, output } = createTestHost({ env });
      const code = await runCli(["run", "paged", ...args], host);
      return { code, ...output, lines: output.stdout.split("\n").slice(0, -1) };
    }

    it("items are printed one a line, with every digit", async () => {
      const { code, lines, stderr } = await cli("by_cursor", "--all");
      expect(lines).toEqual(everyId.map((id) => `{"id":"${id}","big":${bigId}}`));
      expect([code, stderr]).toEqual([0, "Account: ada\n"]);
      expect((await cli("by_cursor", "--all-pages", "--fields", "id")).lines[0]).toBe('{"id":"i0"}');
    });

    it("an early end is told of, and is a success only when it was asked for", async () => {
      const asked = await cli("by_cursor", "--all", "--max", "3");
      expect([asked.code, asked.lines.length]).toEqual([0, 3]);
      expect(asked.stderr).toContain(`To go on, add --params '{"cursor":"3"}'`);
      const broken = await cli("by_cursor", "--all", "--way", "error");
      expect([broken.code, broken.lines.length]).toEqual([1, 3]);
      expect(broken.stderr).toContain("500");
    });

    it("any other answer is printed as it is without the flag", async () => {
      const refused = await cli("by_cursor", "--all", "--way", "refused_first");
      expect([refused.code, JSON.parse(refused.stdout).refused.message]).toEqual([1, "not_yours"]);
      const dry = await cli("by_cursor", "--all", "--dry-run");
      expect([dry.code, JSON.parse(dry.stdout).dry_run]).toEqual([0, true]);
    });

    it("a param with the name keeps its flag", async () => {
      const { lines } = await cli("with_all", "--all", "--dry-run");
      expect(JSON.parse(lines.join("")).request.url).toContain("all=true");
      expect((await cli("with_all", "--all", "--all-pages")).lines).toHaveLength(total);
    });

    it.each([
      ["--max", "5"],
      ["--all", "--max", "0"],
      ["--all", "--max", "many"],
    ])("%s %s %s is refused", async (...flags) => {
      const { code, stderr } = await cli("by_cursor", ...flags.filter((flag) => flag !== undefined));
      expect([code, stderr]).toEqual([64, expect.stringContaining("--max")]);
      expect(service.asked).toEqual([]);
    });
  });

  it("integration_run answers with one list as well", async () => {
    const client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
    const run = async (more: object) =>
      (
        await client.call("integration_run", {
          integration: "paged",
          endpoint: "by_cursor",
          all: true,
          ...more,
        })
      ).structuredContent;
    const { data, page } = await run({});
    expect([data.map(({ id }: { id: string }) => id), page]).toEqual([everyId, { pages: 3, items: total }]);
    expect(await run({ max: 3 })).toMatchObject({ page: { items: 3, next: { cursor: "3" } } });
    await client.close();
  });
});

describe("all pages of a list of GitHub", () => {
  it("issues are read by the links of its answers", async () => {
    const cleanup = createCleanup();
    try {
      const github = await startGithub();
      cleanup.add(github.close);
      const skillett = await startSkillett("sqlite", { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
      cleanup.add(skillett.close);
      await skillett.connect("github", github.mintToken());
      const params = { repo: "acme/app", state: "all" };
      const list = (query: string, more: object) =>
        skillett.call("POST", `/v1/github/list_issues_for_repo${query}`, {
          body: { params: { ...params, ...more } },
        });
      for (const title of ["First", "Second"]) {
        await skillett.call("POST", "/v1/github/create_issue", {
          body: { params: { repo: "acme/app", title } },
        });
      }
      const whole = (await list("", { per_page: 100 })).json.data;
      expect(whole.length).toBeGreaterThan(1);
      const { json } = await list("?all=true", { per_page: 1 });
      expect(json.data).toEqual(whole);
      expect(json.page).toEqual({ pages: whole.length, items: whole.length });
    } finally {
      await cleanup.run();
    }
  });
});

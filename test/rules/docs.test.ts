import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { runProgram } from "#cli/program.js";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { errorCodes, errorTable } from "#core/errors.js";
import { permissionsOf, roles } from "#core/permissions.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import { createTestHost } from "#support/cli.js";
import { anchorOf, codeOf, firstCells, linksOf, readMarkdown, sectionsOf } from "./markdown.js";
import { isTest, nodesOf, readSource, readSources, root } from "./sources.js";

const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "bench/README.md", "examples/README.md"],
  ...readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll(path.sep, "/")}`),
];

describe("errors.md", () => {
  const sections = sectionsOf(readMarkdown("docs/errors.md")).filter(({ level }) => level === 2);

  it("errors.md has every code, in the order of the table, and nothing else", () => {
    expect(sections.map(({ title }) => title)).toEqual(errorCodes);
  });

  it.each(sections)("errors.md says of $title what the table says, and what to do", ({ title, text }) => {
    const { status, exit, retryable } = errorTable[title as keyof typeof errorTable];
    expect(text).toContain(`Status ${status}, exit code ${exit}, ${retryable ? "" : "not "}retryable.`);
    expect(text).toContain("**What happened.**");
    expect(text).toContain("**What to do.**");
  });
});

describe("settings.md", () => {
  it("settings.md has every variable that is read, and nothing else", () => {
    const read = [
      readSource("src/main/config.ts"),
      readSource("src/main/call-settings.ts"),
      readSource("src/main/egress-settings.ts"),
      readSource("src/main/service-settings.ts"),
      readSource("src/main/people-settings.ts"),
      readSource("src/main/skill-settings.ts"),
      readSource("src/main/log-settings.ts"),
      ...readSources("src/cli").filter((it) => !isTest(it)),
    ].flatMap(({ tree }) => nodesOf(tree).flatMap(variablesOf));
    const documented = firstCells(readMarkdown("docs/settings.md")).filter((cell) => /^[A-Z]+_/.test(cell));
    expect(documented.sort()).toEqual([...new Set(read)].sort());
  });

  it.each(["Dockerfile", "compose.yaml"])("settings.md has every variable that %s sets", (file) => {
    const documented = firstCells(readMarkdown("docs/settings.md"));
    const set = readMarkdown(file).match(/\b(?:DATABASE_URL|SKILLETT_[A-Z_]+)\b/g) ?? [];
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !documented.includes(name))).toEqual([]);
  });

  /** `env.NAME`, `read("NAME", …)`, `readClient(env, "WORD", …)`, or a pattern of names. */
  function variablesOf(node: ts.Node): string[] {
    const name = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/;
    if (ts.isPropertyAccessExpression(node) && /\benv$/.test(node.expression.getText()))
      return name.test(node.name.text) ? [node.name.text] : [];
    if (ts.isCallExpression(node) && node.expression.getText() === "read") {
      const [first] = node.arguments;
      return first && ts.isStringLiteral(first) ? [first.text] : [];
    }
    if (ts.isCallExpression(node) && node.expression.getText() === "readClient") {
      const [, word] = node.arguments;
      return word && ts.isStringLiteral(word) ? namesOfClient(word) : [];
    }
    if (!ts.isRegularExpressionLiteral(node)) return [];
    const [, endings = ""] =
      /^\/\^SKILLETT_(?:\(\?![A-Z_]+\))?\([^)]+\)_\(([A-Z_|]+)\)\$\/$/.exec(node.text) ?? [];
    return endings
      .split("|")
      .filter(Boolean)
      .map((ending) => `SKILLETT_<${ending === "BASE_URL" ? "INTEGRATION" : "PROVIDER"}>_${ending}`);
  }

  /** Those that the templates of the same file, `SKILLETT_…${word}_…`, make of a word. */
  function namesOfClient(word: ts.StringLiteral): string[] {
    return nodesOf(word.getSourceFile())
      .filter(ts.isTemplateExpression)
      .filter(({ head }) => head.text.startsWith("SKILLETT_"))
      .map(({ head, templateSpans }) => head.text + word.text + templateSpans[0]!.literal.text);
  }
});

describe("CONTRIBUTING.md", () => {
  it("CONTRIBUTING.md has every variable the tests read", () => {
    const page = readMarkdown("CONTRIBUTING.md");
    const read = readSources("src", "test")
      .filter(({ file }) => file.startsWith("test/") || file.endsWith(".test.ts"))
      .filter(({ tree }) => tree.text.includes("process.env.SKILLETT_"))
      .flatMap(({ tree }) => nodesOf(tree))
      .flatMap((node) => (ts.isPropertyAccessExpression(node) ? node.getText() : ""))
      .flatMap((text) => /^process\.env\.(SKILLETT_\w+)$/.exec(text)?.[1] ?? []);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter((name) => !page.includes(name))).toEqual([]);
  });
});

describe("cli.md", () => {
  const page = readMarkdown("docs/cli.md");

  it("cli.md has every command and every flag", async () => {
    const commands = await commandsOffered();
    expect(commands).toContain("run");
    expect(commands).toContain("connections share");
    const named = withEveryChoice(page);
    expect(commands.filter((name) => !named.includes(`skillett ${name}`))).toEqual([]);
    for (const command of commands) {
      const flags = await completions(...command.split(" "), "--");
      expect(flags.filter((flag) => !page.includes(flag))).toEqual([]);
    }
  });

  /** Commands, each followed by those within it. */
  async function commandsOffered(): Promise<string[]> {
    const outer = (await completions("")).filter((name) => name !== "help");
    const inner = await Promise.all(
      outer.map(async (name) => {
        // What follows `completion` are shells.
        const words = name === "completion" ? [] : await completions(name, "");
        return words.filter((word) => word !== "help").map((word) => `${name} ${word}`);
      }),
    );
    return [...outer, ...inner.flat()];
  }

  /** Lines such as `skillett connections share|unshare` once for each word. */
  function withEveryChoice(text: string): string {
    return text.replace(/^(skillett .*?)(\w+(?:\|\w+)+)/gm, (_, start: string, words: string) =>
      words
        .split("|")
        .map((word) => start + word)
        .join("\n"),
    );
  }

  /** What the program itself offers at Tab. */
  async function completions(...words: string[]): Promise<string[]> {
    const { host, output } = createTestHost();
    await runProgram(["complete", ...words], host);
    return output.stdout.split("\n").filter((line) => line !== "");
  }
});

describe("api.md", () => {
  const routes = Object.values(contract) as Route[];
  const named = ({ method, path: at }: Route) => `${method} ${at}`;
  const sections = sectionsOf(readMarkdown("docs/api.md")).filter(({ level }) => level === 3);

  it("api.md has every route of the contract, and nothing else", () => {
    expect(sections.map(({ title }) => title).sort()).toEqual(routes.map(named).sort());
  });

  it.each(sections)("api.md shows $title as it is", ({ title, text }) => {
    const { reply, body } = routes.find((it) => named(it) === title)!;
    const compile = createSchemaCompiler();
    const [command = ""] = codeOf(text, "sh");
    expect(command).toContain("curl");
    const sent = /'(\{.*\})'/s.exec(command)?.[1];
    if (body) expect(compile(body)(JSON.parse(sent ?? "null"))).toEqual([]);
    const [answer] = codeOf(text, "json");
    if (reply.body) expect(compile(reply.body)(JSON.parse(answer ?? "null"))).toEqual([]);
  });
});

describe.each(["docs/api.md", "docs/people.md"])("%s", (page) => {
  it(`${page} says of each role what it may do`, () => {
    const rows = readMarkdown(page)
      .split("\n")
      .map((line) => line.split("|").map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word)))
      .filter(([, , may]) => may?.includes("skills:read"));
    const documented = roles.map((role) => rows.find(([, who]) => who!.includes(role))?.[2]);
    expect(documented).toEqual(roles.map((role) => [...permissionsOf(role)]));
  });
});

describe("architecture.md", () => {
  const page = readMarkdown("docs/architecture.md");

  it("architecture.md has every floor there is", () => {
    const folders = readdirSync(path.join(root, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `src/${name}`);
    const documented = firstCells(page).filter((cell) => /^src\/[\w-]+$/.test(cell));
    expect(documented.sort()).toEqual(folders.sort());
  });

  it("architecture.md has every table of the schema", () => {
    const rows = nodesOf(readSource("src/store/schema/tables.ts").tree).find(
      (node): node is ts.InterfaceDeclaration =>
        ts.isInterfaceDeclaration(node) && node.name.text === "Tables",
    );
    const tables = rows!.members.map((member) => member.name!.getText());
    expect(tables.filter((table) => !page.includes(`\`${table}\``))).toEqual([]);
  });
});

describe("README.md", () => {
  it("README.md begins with the two commands that just work", () => {
    const commands = codeOf(readMarkdown("README.md"), "sh").map((code) => code.trim());
    expect(commands.slice(0, 2)).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
  });
});

describe("comments", () => {
  it("comments name pages that exist", () => {
    const named = readSources("src", "test", "bench", "scripts").flatMap(({ file, tree }) =>
      [...tree.text.matchAll(/@see (docs\/[\w./-]+\.md)/g)].map(([, page]) => ({ file, page: page! })),
    );
    expect(named.filter(({ page }) => !existsSync(path.join(root, page)))).toEqual([]);
  });
});

describe.each(pages)("%s", (page) => {
  const markdown = readMarkdown(page);

  it(`${page} links only to what exists`, () => {
    expect(linksOf(markdown).filter((target) => !leads(page, target))).toEqual([]);
  });

  it(`${page} names only files that exist`, () => {
    const files = [...markdown.matchAll(/`((?:src|test|bench|scripts)\/[\w./-]+)`/g)].map(
      ([, file]) => file!,
    );
    expect(files.filter((file) => !existsSync(path.join(root, file)) && !file.includes("NNNN"))).toEqual([]);
  });

  function leads(from: string, target: string): boolean {
    const [file = "", anchor] = target.split("#");
    const to = file === "" ? from : path.join(path.dirname(from), file);
    if (!existsSync(path.join(root, to))) return false;
    if (anchor === undefined || statSync(path.join(root, to)).isDirectory()) return true;
    return sectionsOf(readMarkdown(to)).some((section) => anchorOf(section) === anchor);
  }
});

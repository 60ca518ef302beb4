import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clientNames, clientOf } from "#cli/agent-clients/clients.js";
import { isInnerPath } from "#cli/skill/path.js";
import { windowsProblem } from "#core/windows-path.js";

const page = readFileSync(new URL("../../../docs/clients.md", import.meta.url), "utf8");
/** Rows of the page's tables, without the spaces that line them up. */
const rows = page.split("\n").flatMap((line) =>
  line.startsWith("|")
    ? [
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim())
          .join(" | "),
      ]
    : [],
);

const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(", ");

test.each(clientNames)("docs/clients.md says of %s what the table says", (name) => {
  const { title, found, skills, mcp, source } = clientOf(name);
  const folders = skills ? [code([skills.project]), code([`~/${skills.user}`])] : ["none", "none"];
  const home = found.home.map((path) => `~/${path}`);
  expect(rows).toContain([`\`${name}\` ${title}`, code(found.project), code(home), ...folders].join(" | "));
  if (mcp)
    expect(rows).toContain(
      [`\`${name}\``, mcp.files.join("; "), mcp.format ?? "json", `[document](${source})`].join(" | "),
    );
});

test("docs/clients.md has no client that the table has not", () => {
  const named = rows.flatMap((row) => /^`([a-z-]+)`/.exec(row)?.[1] ?? []);
  expect(new Set(named)).toEqual(new Set(clientNames));
});

test("every folder of skills is one that any system can hold", () => {
  for (const name of clientNames) {
    const { skills } = clientOf(name);
    for (const path of skills ? [skills.project, skills.user] : []) {
      expect(isInnerPath(path)).toBe(true);
      expect(windowsProblem(path)).toBeNull();
      expect(path).not.toContain("rules");
    }
  }
});

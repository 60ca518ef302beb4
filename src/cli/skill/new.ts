import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { isSkillName } from "#cli/skill/path.js";
import { projectRoot } from "#cli/skill/platform.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { quoted } from "#cli/terminal/shell-words.js";

export function addNew(group: Command, host: Host): void {
  group
    .command("new")
    .description("Create the folder of a skill here, to be filled in.")
    .argument("<name>", "name of the skill and its folder, such as release-notes")
    .action((name: string) => newSkill(name, host));
}

/** `skillett skill new <name>` */
export async function newSkill(name: string, host: Host): Promise<void> {
  if (!isSkillName(name))
    throw new UsageError(
      "A skill's name has up to 64 lower-case letters, digits and single dashes between them, such as release-notes.",
    );
  const folder = join(projectRoot(host), name);
  create(folder, name);
  for (const inner of ["references", "scripts"]) mkdirSync(join(folder, inner));
  writeFileSync(join(folder, "SKILL.md"), template(name), { flag: "wx" });
  host.stderr.write(`Write ${name}/SKILL.md, then: skillett skill validate ${quoted(name)}\n`);
  await printJson(host, { name, folder: name, files: ["SKILL.md"] });
}

function create(folder: string, name: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UsageError(
      `There is something named ${name} here already: take another name, or move it away.`,
    );
  }
}

const template = (name: string) => `---
name: ${name}
description: What this skill does, and when an agent should use it. Name the words a task will have.
metadata:
  version: 1.0.0
  category: general
---
# ${name}

## When to use

Say which tasks this is for, and which it is not for.

## Steps

1. Say what to do first.
2. Name the commands to run. A skill that calls endpoints names them in the front matter, so that it is seen
   when one is missing: \`skillett-endpoints: github.create_issue github.list_issues_for_repo\` under \`metadata\`.

## More

Put long texts into \`references/\` and programs into \`scripts/\`, and say here when to read or run each.
`;

import { resolve } from "node:path";
import type { Command } from "commander";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { openSession } from "#cli/server/session.js";
import { packSkill } from "#cli/skill/pack.js";
import { projectRoot } from "#cli/skill/platform.js";
import { exitCodes } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { tell, warn } from "#cli/terminal/report.js";
import type { Contract } from "#contract/contract.js";
import type { CallOutput } from "#contract/io.js";

export function addValidate(group: Command, host: Host, exit: (code: number) => void): void {
  profiled(group.command("validate"))
    .description(
      "Check a skill, or all skills below a folder, against the Agent Skills rules. Nothing is stored.",
    )
    .argument("[folder]", "the skill's folder, or one of skills (this one)")
    .option("--strict", "by the rules of the format's reference validator: what deviates is an error")
    .addHelpText(
      "after",
      examples("skillett skill validate release-notes --strict", "skillett skill validate skills"),
    )
    .action(async (folder: string | undefined, options: ValidateOptions) =>
      exit(await validateSkill(folder, options, host)),
    );
}

export function addPush(group: Command, host: Host, exit: (code: number) => void): void {
  profiled(group.command("push"))
    .description(
      "Bring a skill, or all skills below a folder, to the server: new skills, or new versions of them.",
    )
    .argument("[folder]", "the skill's folder, or one of skills (this one)")
    .option("--version <version>", "semantic version (that of SKILL.md, else the next)")
    .option("--notes <text>", "what is new in it")
    .addHelpText("after", examples('skillett skill push release-notes --version 1.1.0 --notes "Shorter"'))
    .action(async (folder: string | undefined, options: PushOptions) =>
      exit(await pushSkill(folder, options, host)),
    );
}

export function addList(group: Command, host: Host): void {
  profiled(group.command("list"))
    .description(
      "List the skills of the key's agent, or of the tenant when it has none; and what each needs.",
    )
    .action((options: Profiled) => listSkills(options, host));
}

export interface PushOptions extends Profiled {
  version?: string;
  notes?: string;
}

type Problem = CallOutput<Contract["validateWithKey"]>["problems"][number];

export interface ValidateOptions extends Profiled {
  strict?: boolean;
}

/** `skillett skill validate [folder]` */
export async function validateSkill(
  folder: string | undefined,
  { profile, strict }: ValidateOptions,
  host: Host,
): Promise<number> {
  const { client, signal } = openSession(host, profile);
  const archive = await packed(folder, host);
  const reply = await client.validateWithKey({ archive, query: strict ? { strict } : {}, signal });
  // An older server does not tell the skills apart.
  const { valid, skills = [], skipped = [], problems } = reply;
  await printJson(host, reply);
  tellProblems(problems, host);
  const count = skills.length + skipped.length;
  if (!valid)
    tell(
      host,
      count > 1 ? `${skipped.length} of ${count} skills are not valid.` : "The skill is not valid.",
      [],
    );
  return valid ? exitCodes.ok : exitCodes.refused;
}

/** `skillett skill push [folder]`: skills of the same slugs get a new version. */
export async function pushSkill(
  folder: string | undefined,
  { profile, version, notes }: PushOptions,
  host: Host,
): Promise<number> {
  const { client, signal } = openSession(host, profile);
  const archive = await packed(folder, host);
  const query = {
    replace: true,
    ...(version === undefined ? {} : { version }),
    ...(notes === undefined ? {} : { notes }),
  };
  const reply = await client.importWithKey({ archive, query, signal });
  await printJson(host, reply);
  tellProblems(reply.problems, host);
  for (const { slug, currentVersion } of reply.skills)
    host.stderr.write(`${paint(host, "green", "✓")} ${slug} ${currentVersion ?? "(draft)"}\n`);
  const { skipped = [] } = reply;
  for (const { folder, reason } of skipped)
    host.stderr.write(`${paint(host, "red", "✗")} ${folder} was left out: ${reason}\n`);
  return skipped.length > 0 ? exitCodes.refused : exitCodes.ok;
}

/** `skillett skill list` */
export async function listSkills({ profile }: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, profile);
  await printBody(host, (await client.stream("getOwnSkills", { signal })).body);
}

async function packed(folder: string | undefined, host: Host): Promise<Uint8Array<ArrayBuffer>> {
  const { archive, leftOut } = await packSkill(resolve(projectRoot(host), folder ?? "."));
  if (leftOut.length > 0) warn(host, `Left out: ${leftOut.join(", ")}`);
  return archive;
}

/** Most warnings that are printed: the JSON has all of them. */
const maxWarnings = 50;

/** Prints them as compilers do: file, line, message. */
function tellProblems(problems: Problem[], host: Host): void {
  const warnings = problems.filter(({ severity }) => severity === "warning");
  const untold = new Set(warnings.slice(maxWarnings));
  for (const problem of problems.filter((it) => !untold.has(it))) {
    const { file, line, message, severity } = problem;
    const place = line === null ? file : `${file}:${line}`;
    const sign = severity === "error" ? paint(host, "red", "✗") : paint(host, "yellow", "!");
    host.stderr.write(`${sign} ${place}: ${message}\n`);
  }
  if (untold.size > 0) warn(host, `And ${untold.size} more: \`problems\` of the JSON has all of them.`);
}

import { resolve } from "node:path";
import type { Profiled } from "#cli/command-parts.js";
import { exitCodes } from "#cli/failure.js";
import { type Host, paint } from "#cli/host.js";
import { printBody, printJson } from "#cli/output.js";
import { projectRoot } from "#cli/platform.js";
import { tell, warn } from "#cli/report.js";
import { openSession } from "#cli/session.js";
import { loadSettings } from "#cli/settings.js";
import { packSkill } from "#cli/skill-pack.js";
import { upload } from "#cli/upload.js";
import type { CallOutput } from "#contract/call.js";
import type { Contract } from "#contract/contract.js";

export interface PushOptions extends Profiled {
  version?: string;
  notes?: string;
}

type Problem = CallOutput<Contract["validateWithKey"]>["problems"][number];

/** `skillett skill validate [folder]` */
export async function validateSkill(
  folder: string | undefined,
  options: Profiled,
  host: Host,
): Promise<number> {
  const settings = loadSettings(host.env, options.profile);
  const archive = await packed(folder, host);
  const signal = host.interrupted();
  const reply = await upload("validateWithKey", { archive, signal }, settings);
  const { valid, problems } = reply;
  await printJson(host, reply);
  tellProblems(problems, host);
  if (!valid) tell(host, "The skill is not valid.", []);
  return valid ? exitCodes.ok : exitCodes.refused;
}

/** `skillett skill push [folder]`: a skill of that name gets a new version. */
export async function pushSkill(
  folder: string | undefined,
  { profile, version, notes }: PushOptions,
  host: Host,
): Promise<void> {
  const settings = loadSettings(host.env, profile);
  const archive = await packed(folder, host);
  const query = {
    replace: "true",
    ...(version === undefined ? {} : { version }),
    ...(notes === undefined ? {} : { notes }),
  };
  const signal = host.interrupted();
  const reply = await upload("importWithKey", { archive, query, signal }, settings);
  await printJson(host, reply);
  tellProblems(reply.problems, host);
  for (const { slug, currentVersion } of reply.skills)
    host.stderr.write(`${paint(host, "green", "✓")} ${slug} ${currentVersion ?? "(draft)"}\n`);
}

/** `skillett skill list` */
export async function listSkills({ profile }: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, profile);
  await printBody(host, (await client.stream("getOwnSkills", { signal })).body);
}

async function packed(folder: string | undefined, host: Host): Promise<Uint8Array> {
  const { archive, leftOut } = await packSkill(resolve(projectRoot(host), folder ?? "."));
  if (leftOut.length > 0) warn(host, `Left out: ${leftOut.join(", ")}`);
  return archive;
}

/** As compilers do: file, line, what is wrong. */
function tellProblems(problems: Problem[], host: Host): void {
  for (const { file, line, message, severity } of problems) {
    const place = line === null ? file : `${file}:${line}`;
    const sign = severity === "error" ? paint(host, "red", "✗") : paint(host, "yellow", "!");
    host.stderr.write(`${sign} ${place}: ${message}\n`);
  }
}

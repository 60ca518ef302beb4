import { type Command, Option } from "commander";
import { clientNames } from "#cli/agent-clients/clients.js";
import { examples, type Profiled, profiled } from "#cli/command-parts.js";
import { type InitOptions, init } from "#cli/skill/init.js";
import { newSkill } from "#cli/skill/new.js";
import { type PullOptions, pull } from "#cli/skill/pull.js";
import {
  listSkills,
  type PushOptions,
  pushSkill,
  type ValidateOptions,
  validateSkill,
} from "#cli/skill/push.js";
import type { Host } from "#cli/terminal/host.js";

type Exit = (code: number) => void;

/** `pull`, `init`, `skill` */
export function addSkillFolders(program: Command, host: Host, exit: Exit): void {
  addPull(program, host, exit);

  withForce(profiled(program.command("init")), platformOption())
    .summary("Tell the agents of this directory about Skillett")
    .description(
      "Install the pointer skill `skillett`, for every client of agents that is found in this directory: " +
        "it tells agents how to find and call what they may use.",
    )
    .addHelpText(
      "after",
      examples("skillett init", "skillett init --platform claude", "skillett init --user"),
    )
    .action(async (options: InitOptions) => exit(await init(options, host)));

  addSkill(program, host, exit);
}

function addPull(program: Command, host: Host, exit: Exit): void {
  const platform = platformOption().conflicts("dir");
  withForce(profiled(program.command("pull")), platform)
    .summary("Write skills as files, where your agents find them")
    .description(
      "Write the skill of an integration, a skill, or all that are assigned, where the agents of this directory " +
        "find them. Files you have changed are kept.",
    )
    .argument("[name]", "integration or skill, such as github")
    .option(
      "--all",
      "sync what is assigned to the key's agent; write what is new, remove what is not any more",
    )
    .option("--dir <directory>", "write the folders into this directory instead of a client's")
    .addHelpText(
      "after",
      examples(
        "skillett pull github",
        "skillett pull --all --dry-run",
        "skillett pull --all --platform cursor",
      ),
    )
    .action(async (name: string | undefined, options: PullOptions) => exit(await pull(name, options, host)));
}

function platformOption(): Option {
  return new Option("--platform <client>", "whose directory (of every client that is found)").choices(
    clientNames,
  );
}

function withForce(command: Command, platform: Option): Command {
  return command
    .addOption(platform)
    .option("--user", "for all your projects: into the client's folder in your home folder")
    .option("--force", "overwrite and remove changed files too")
    .option("--dry-run", "only say what would be done");
}

function addSkill(program: Command, host: Host, exit: Exit): void {
  const group = program
    .command("skill")
    .summary("Write a skill of your own: new, validate, push, list")
    .description("Write skills of your own, and bring them to the server.")
    .addHelpText(
      "after",
      examples("skillett skill new release-notes", "skillett skill push release-notes --version 1.1.0"),
    );
  group
    .command("new")
    .description("Create the folder of a skill here, to be filled in.")
    .argument("<name>", "name of the skill and its folder, such as release-notes")
    .action((name: string) => newSkill(name, host));
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
  profiled(group.command("list"))
    .description(
      "List the skills of the key's agent, or of the tenant when it has none; and what each needs.",
    )
    .action((options: Profiled) => listSkills(options, host));
}

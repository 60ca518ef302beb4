import type { Command } from "commander";
import { examples } from "#cli/command-parts.js";
import { addInit } from "#cli/skill/init.js";
import { addNew } from "#cli/skill/new.js";
import { addPull } from "#cli/skill/pull.js";
import { addList, addPush, addValidate } from "#cli/skill/push.js";
import type { Host } from "#cli/terminal/host.js";

/** Skills as files: those of agents here, and one's own. */
export function addSkillFolders(program: Command, host: Host, exit: (code: number) => void): void {
  addPull(program, host, exit);
  addInit(program, host, exit);
  const group = program
    .command("skill")
    .summary("Write a skill of your own: new, validate, push, list")
    .description("Write skills of your own, and bring them to the server.")
    .addHelpText(
      "after",
      examples("skillett skill new release-notes", "skillett skill push release-notes --version 1.1.0"),
    );
  addNew(group, host);
  addValidate(group, host, exit);
  addPush(group, host, exit);
  addList(group, host);
}

import { Command, CommanderError } from "commander";
import { addAccount } from "#cli/account/commands.js";
import { addAdmin } from "#cli/admin/commands.js";
import { addCompletion } from "#cli/completion.js";
import { addConnecting } from "#cli/connect/commands.js";
import { addDoctor } from "#cli/doctor.js";
import { addFiles } from "#cli/files/commands.js";
import { addIntegrations } from "#cli/integrations/commands.js";
import { addMcp } from "#cli/mcp/commands.js";
import { addReading } from "#cli/read-commands.js";
import { addRequest } from "#cli/run/request.js";
import { addRun } from "#cli/run/run.js";
import { addSandbox } from "#cli/sandbox.js";
import { addSkillFolders } from "#cli/skill/commands.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { addUp } from "#cli/up.js";
import { nearest } from "#core/suggest.js";
import { version } from "#core/version.js";

/**
 * Runs any command line and returns the exit code. Errors of the command line have been printed; those of a command
 * are thrown.
 */
export async function runProgram(args: string[], host: Host): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(host, (own) => {
    code = own;
  });
  refuseWithoutRun(args, program);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
}

/** `skillett github create_issue`: the words of an endpoint, and `run` left out. */
function refuseWithoutRun([first = "", second = ""]: string[], { commands }: Command): void {
  const names = [...commands.flatMap((command) => [command.name(), ...command.aliases()]), "help"];
  if (!/^[a-z][a-z\d-]*$/.test(first) || nearest(first, names) !== undefined) return;
  const isEndpoint = /^[a-z][a-z\d]*(_[a-z\d]+)+$/.test(second);
  throw new UsageError(
    `There is no command ${first}. If ${first} is an integration, its endpoints are called with run.`,
    [isEndpoint ? `skillett run ${first} ${second} --help` : `skillett skills ${first}`],
  );
}

/** All commands. Those with an exit code of their own tell it to `exit`. */
function createProgram(host: Host, exit: (code: number) => void): Command {
  const program = new Command("skillett")
    .description("Call the services you are connected to. Tokens stay on the server.")
    .version(version, "-V, --version", "Print the version")
    .helpOption("-h, --help", "Show help")
    .helpCommand("help [command]", "Show help for a command")
    .enablePositionalOptions()
    .configureHelp({
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace(/\[(options|flags)\] ?/, "")}`,
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: (text, write) => write(errorText(text, host)),
      getOutHelpWidth: () => host.stdout.columns ?? 80,
      getErrHelpWidth: () => host.stderr.columns ?? 80,
    })
    .addHelpText("after", rootNotes);
  addRun(program, host, exit);
  addRequest(program, host, exit);
  addReading(program, host);
  addFiles(program, host);
  addSandbox(program, host);
  addSkillFolders(program, host, exit);
  addConnecting(program, host, exit);
  addIntegrations(program, host, exit);
  addAccount(program, host, exit);
  addUp(program, host);
  addDoctor(program, host, exit);
  addMcp(program, host);
  addAdmin(program, host, exit);
  addCompletion(program, host);
  return program;
}

const rootNotes = `
Examples:
  skillett up                                         start a server on this machine
  skillett run sandbox list_issues                    a first call, without an account
  skillett login --url https://skills.example.com     or log in to one that is there
  skillett connect github                             opens your browser to sign in
  skillett skills github                              what GitHub can do
  skillett run github create_issue --help             what one endpoint takes
  skillett run github create_issue --repo acme/app --title "Bug"

Data is JSON on stdout, words go to stderr.
Exit codes: 0 done, 1 refused (or the service answered 4xx), 2 network, timeout or server error, 64 usage.
Settings: SKILLETT_URL and SKILLETT_API_KEY, else the config file (SKILLETT_CONFIG_FILE, SKILLETT_PROFILE).`;

/** A value stuck to an unknown flag may be a SECRET (`--tokn=…`): it is not repeated. */
function errorText(text: string, host: Host): string {
  const sentence = text
    .replace(/^error: /, "")
    .replace(/(unknown option '--[^'=]*)=[\s\S]*?'(\n|$)/, "$1'$2");
  return `${paint(host, "red", "✗")} ${sentence}`;
}

import { Argument, Command, CommanderError, Option } from "commander";
import { addAccount } from "#cli/account/commands.js";
import { addAdmin } from "#cli/admin/commands.js";
import { examples, integer, type Profiled, profiled } from "#cli/command-parts.js";
import { complete } from "#cli/complete.js";
import { completionScripts } from "#cli/completion.js";
import { addConnecting } from "#cli/connect/commands.js";
import { doctor } from "#cli/doctor.js";
import { addMcp } from "#cli/mcp/commands.js";
import { type CallsQuery, calls, skills, usage } from "#cli/read-commands.js";
import { runFlagRows } from "#cli/run/endpoint-help.js";
import { run } from "#cli/run/run.js";
import { addSkillFolders } from "#cli/skill/commands.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import { type Host, paint, type UpOptions } from "#cli/terminal/host.js";
import { table } from "#cli/terminal/table.js";
import { callStatuses } from "#core/call-status.js";
import { nearest } from "#core/suggest.js";
import { version } from "#core/version.js";

/**
 * Carries out any command line and gives the exit code. Throws what the command throws, but for
 * errors of the command line, which have been told.
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
  addReading(program, host);
  addSkillFolders(program, host, exit);
  addConnecting(program, host, exit);
  addAccount(program, host, exit);
  addServing(program, host, exit);
  addMcp(program, host);
  addAdmin(program, host, exit);
  addCompletion(program, host);
  return program;
}

const rootNotes = `
Examples:
  skillett up                                         start a server on this machine
  skillett login --url https://skills.example.com     or log in to one that is there
  skillett connect github                             opens your browser to sign in
  skillett skills github                              what GitHub can do
  skillett run github create_issue --help             what one endpoint takes
  skillett run github create_issue --repo acme/app --title "Bug"

Data is JSON on stdout, words go to stderr.
Exit codes: 0 done, 1 refused (or the service answered 4xx), 2 network, timeout or server error, 64 usage.
Settings: SKILLETT_URL and SKILLETT_API_KEY, else the config file (SKILLETT_CONFIG_FILE, SKILLETT_PROFILE).`;

const paramsRow = [
  "--<param> <value>",
  'As the endpoint\'s schema says: --title "Bug", --draft, --no-draft, --labels bug,priority, ' +
    `--committer.name Ada or --committer '{"name":"Ada"}'`,
];

const runNotes = (columns: number) => `
Flags:
${table([paramsRow, ...runFlagRows], columns)}

Examples:
  skillett run github create_issue --help
  skillett run github create_issue --repo acme/app --title "Bug" --labels bug,priority
  skillett run github list_issues_for_repo --repo acme/app --fields number,title,user.login
  echo '{"repo":"acme/app","title":"Bug"}' | skillett run github create_issue --params -`;

function addRun(program: Command, host: Host, exit: (code: number) => void): void {
  program
    .command("run")
    .summary("Call an endpoint of an integration")
    .description("Call an endpoint of an integration and print its answer as JSON.")
    .usage("<integration> <endpoint> [flags]")
    .argument("[words...]")
    .allowUnknownOption()
    .passThroughOptions()
    .configureHelp({ visibleArguments: () => [], visibleOptions: () => [] })
    .addHelpText("after", () => runNotes(host.stdout.columns ?? 80))
    .action(async (words: string[]) => exit(await run(words, host)));
}

function addReading(program: Command, host: Host): void {
  profiled(program.command("skills"))
    .summary("See integrations, their endpoints, and how to call one")
    .description("List the integrations, the endpoints of one, or everything needed to call one endpoint.")
    .argument("[integration]", "such as github")
    .argument("[endpoint]", "such as create_issue")
    .option("-q, --query <words>", "search integrations and endpoints")
    .addHelpText(
      "after",
      examples(
        "skillett skills",
        'skillett skills -q "open an issue"',
        "skillett skills github create_issue",
      ),
    )
    .action((integration, endpoint, options) => skills(integration, endpoint, options, host));

  profiled(program.command("usage"))
    .description("Show your plan, its limits and today's count.")
    .action((options: Profiled) => usage(options, host));

  profiled(program.command("calls"))
    .description("Read the audit log, newest first.")
    .option("--limit <count>", "how many, up to 200 (50)", integer(1, 200))
    .option("--cursor <cursor>", "`next_cursor` of the page before")
    .option("--integration <slug>", "calls of this integration")
    .option("--endpoint <name>", "calls of this endpoint")
    .addOption(new Option("--status <status>", "calls that stand so").choices(callStatuses))
    .addHelpText(
      "after",
      examples("skillett calls --limit 10", "skillett calls --integration github --status failed"),
    )
    .action((options: CallsQuery & Profiled) => calls(options, host));
}

function addServing(program: Command, host: Host, exit: (code: number) => void): void {
  program
    .command("up")
    .description("Start the server on this machine.")
    .option("--port <port>", "port to listen on; 0 takes a free one", integer(0, 65_535))
    .option("--host <address>", "address to listen on")
    .option("--data <directory>", "where the server keeps its data")
    .addHelpText("after", examples("skillett up", "skillett up --port 4000 --data ./skillett-data"))
    .action((options: UpOptions) => host.up(options));

  profiled(program.command("doctor"))
    .description("Check settings, server, key and connections, and say what to do.")
    .action(async (options: Profiled) => exit(await doctor(options, host)));
}

function addCompletion(program: Command, host: Host): void {
  program
    .command("completion")
    .description("Print a script that completes commands, endpoints and flags at Tab.")
    .addArgument(new Argument("<shell>").choices(Object.keys(completionScripts)))
    .addHelpText("after", examples('eval "$(skillett completion bash)"', "skillett completion fish | source"))
    .action((shell: string) => void host.stdout.write(completionScripts[shell] ?? ""));

  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action((words: string[]) => complete(words, program, host));
}

/** A value stuck to an unknown flag may be a SECRET (`--tokn=…`): it is not repeated. */
function errorText(text: string, host: Host): string {
  const sentence = text
    .replace(/^error: /, "")
    .replace(/(unknown option '--[^'=]*)=[\s\S]*?'(\n|$)/, "$1'$2");
  return `${paint(host, "red", "✗")} ${sentence}`;
}

import { type Command, Option } from "commander";
import { type AddressOptions, addresses, createAddress, revokeAddress } from "#cli/account/addresses.js";
import { type AgentOptions, agents, createAgent } from "#cli/account/agents.js";
import { createKey, type KeyOptions, keys, revokeKey, rotateKey } from "#cli/account/keys.js";
import { type LoginOptions, login } from "#cli/account/login.js";
import { logout } from "#cli/account/logout.js";
import { dropProfile, profiles, useProfile } from "#cli/account/profiles.js";
import { type RequestsQuery, requests, withdrawRequest } from "#cli/account/requests.js";
import { examples, expiry, integer, type Profiled, profiled } from "#cli/command-parts.js";
import { whoami } from "#cli/read-commands.js";
import type { Host } from "#cli/terminal/host.js";

const expiresHelp = "30d, 12w, 1y, a time such as 2027-01-31, or never (never; with --agent in 90 days)";
const expiryOrNever = (when: string) => (when === "never" ? when : expiry(Date.now())(when));

/** `login`, `logout`, `whoami`, `profiles`, `keys`, `agents` */
export function addAccount(program: Command, host: Host, exit: (code: number) => void): void {
  addLogin(program, host, exit);

  profiled(program.command("logout"))
    .summary("Revoke the key of this machine, and forget it")
    .description("Revoke the key that login has made, and remove it from the config file.")
    .action(async (options: Profiled) => exit(await logout(options, host)));

  profiled(program.command("whoami"))
    .description("Show whose key is used, in which tenant, and what it may do.")
    .action((options: Profiled) => whoami(options, host));

  addProfiles(program, host);
  addKeys(program, host);
  addAgents(program, host);
  addRequests(program, host);
}

function addRequests(program: Command, host: Host): void {
  const group = profiled(program.command("requests"))
    .summary("List what was asked of people; take a request back")
    .description("List the skills and integrations that your agent, or you, asked people for, newest first.")
    .addOption(
      new Option("--status <status>", "only such").choices([
        "pending",
        "approved",
        "rejected",
        "expired",
        "withdrawn",
      ]),
    )
    .option("--limit <n>", "how many, 1 to 200 (default: 50)", integer(1, 200))
    .addHelpText("after", examples("skillett requests --status pending", "skillett requests withdraw task_…"))
    .action((options: RequestsQuery & Profiled) => requests(options, host));
  profiled(group.command("withdraw"))
    .description("Take an open request back.")
    .argument("<id>", "id of the request, as `skillett requests` shows it")
    .action((id: string, _: Profiled, command: Command) =>
      withdrawRequest(id, command.optsWithGlobals<Profiled>(), host),
    );
}

function addLogin(program: Command, host: Host, exit: (code: number) => void): void {
  profiled(program.command("login"))
    .summary("Log in to a server: it gives this machine a key")
    .description(
      "Log in to a server: a page opens, you check the code and approve, and this machine gets a key of its own. " +
        "It is kept in the config file, which only you can read.",
    )
    .option("--url <url>", "the server; else that of the profile, else the one of this machine")
    .option("--scopes <a,b>", "ask for a key that may do no more: github,gmail.list_*,slack:read")
    .option("--no-browser", "only print the code and the link")
    .option("--no-init", "do not install the pointer skill for the agents of this directory")
    .option("--json", "print the code as a line of JSON too, then the result: for agents")
    .option("--api-key [-]", "read a key from stdin instead; never write it on the command line")
    .addHelpText(
      "after",
      examples(
        "skillett login",
        "skillett login --url https://skills.example.com --profile work",
        "skillett login --json --no-browser",
        "skillett login --api-key - < key.txt",
      ),
    )
    .action(async (options: LoginOptions) => exit(await login(options, host)));
}

function addProfiles(program: Command, host: Host): void {
  const group = program
    .command("profiles")
    .summary("List the servers you are logged in to; choose the default")
    .description("List the profiles of the config file: a server and a key each.")
    .addHelpText("after", examples("skillett profiles", "skillett profiles use work"))
    .action(() => profiles(host));
  group
    .command("use")
    .description("Use this profile when a command names none.")
    .argument("<name>", "profile of the config file")
    .action((name: string) => useProfile(name, host));
  group
    .command("remove")
    .description("Forget this profile. Its key is not revoked: logout does that too.")
    .argument("<name>", "profile of the config file")
    .action((name: string) => dropProfile(name, host));
}

function addKeys(program: Command, host: Host): void {
  const group = profiled(program.command("keys"))
    .summary("List your API keys; create, revoke or rotate one")
    .description("List your API keys.")
    .addHelpText(
      "after",
      examples(
        "skillett keys",
        "skillett keys create ci --scopes github --expires 90d",
        "skillett keys revoke key_…",
      ),
    )
    .action((options: Profiled) => keys(options, host));
  profiled(group.command("create"))
    .description("Create an API key. It is shown this one time.")
    .argument("<name>", "what it is for, such as ci")
    .option(
      "--scopes <a,b>",
      "what it may do: github, gmail.list_*, slack:read (all you may; with --agent only to read)",
    )
    .option("--expires <when>", expiresHelp, expiryOrNever)
    .option("--agent <agent>", "bind it to this agent: it gets the skills of the agent, and no others")
    .addHelpText(
      "after",
      examples(
        "skillett keys create ci --scopes github,gmail:read --expires 90d",
        "skillett keys create triage --agent triage-agent",
        "skillett keys create triage --agent triage-agent --scopes '*:read,github.create_issue' --expires never",
      ),
    )
    .action((name: string, _: KeyOptions, command: Command) =>
      createKey(name, command.optsWithGlobals<KeyOptions>(), host),
    );
  profiled(group.command("revoke"))
    .description("Revoke an API key: it stops at the next call.")
    .argument("<id>", "id of the key, as `skillett keys` shows it")
    .action((id: string, _: Profiled, command: Command) =>
      revokeKey(id, command.optsWithGlobals<Profiled>(), host),
    );
  profiled(group.command("rotate"))
    .description(
      "Replace an API key by a new one with the same name, scopes and end. The old one stops at once.",
    )
    .argument("<id>", "id of the key, as `skillett keys` shows it")
    .action((id: string, _: Profiled, command: Command) =>
      rotateKey(id, command.optsWithGlobals<Profiled>(), host),
    );
}

function addAgents(program: Command, host: Host): void {
  const group = profiled(program.command("agents"))
    .summary("List the agents of your tenant; create one")
    .description("List the agents of your tenant. Skills are assigned to agents; keys are bound to them.")
    .addHelpText("after", examples("skillett agents", 'skillett agents create "triage agent"'))
    .action((options: Profiled) => agents(options, host));
  profiled(group.command("create"))
    .description("Create an agent.")
    .argument("<name>", "such as triage-agent")
    .option("--description <text>", "what it is for")
    .action((name: string, _: AgentOptions, command: Command) =>
      createAgent(name, command.optsWithGlobals<AgentOptions>(), host),
    );
  addAddresses(group, host);
}

function addAddresses(agents: Command, host: Host): void {
  const group = agents
    .command("addresses")
    .summary("Addresses by which installers read an agent's skills")
    .description(
      "Programs that install skills, such as `npx skills add`, send no key. An address has a secret in its path: " +
        "whoever has it reads the skills of one agent, until it ends or is revoked.",
    )
    .addHelpText(
      "after",
      examples(
        "skillett agents addresses create triage-agent --name laptop --expires 30d",
        "skillett agents addresses list triage-agent",
        "skillett agents addresses revoke triage-agent addr_…",
      ),
    );
  profiled(group.command("list"))
    .description("List the addresses of an agent, without their secrets.")
    .argument("<agent>", "agent, such as triage-agent")
    .action((agent: string, _: Profiled, command: Command) =>
      addresses(agent, command.optsWithGlobals<Profiled>(), host),
    );
  profiled(group.command("create"))
    .description("Make an address. It is shown this one time.")
    .argument("<agent>", "agent, such as triage-agent")
    .option("--name <name>", "who or what it is for (installer)")
    .option("--expires <when>", "30d, 12w, 1y, or a time such as 2027-01-31 (90d)", expiry(Date.now()))
    .action((agent: string, _: AddressOptions, command: Command) =>
      createAddress(agent, command.optsWithGlobals<AddressOptions>(), host),
    );
  profiled(group.command("revoke"))
    .description("Revoke an address: it stops at once.")
    .argument("<agent>", "agent, such as triage-agent")
    .argument("<id>", "id of the address, as `list` shows it")
    .action((agent: string, id: string, _: Profiled, command: Command) =>
      revokeAddress(agent, id, command.optsWithGlobals<Profiled>(), host),
    );
}

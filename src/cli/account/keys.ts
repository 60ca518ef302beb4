import type { Command } from "commander";
import { keyWarnings } from "#cli/account/key-warnings.js";
import { examples, expiry, type Profiled, profiled, scopeList } from "#cli/command-parts.js";
import { configFile, readConfig, saveProfile } from "#cli/server/config-file.js";
import { openSession } from "#cli/server/session.js";
import { loadSettings } from "#cli/server/settings.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";
import type { Client } from "#client/client.js";
import { rawInWords } from "#core/scopes.js";

const expiresHelp = "30d, 12w, 1y, a time such as 2027-01-31, or never (never; with --agent in 90 days)";
const expiryOrNever = (when: string) => (when === "never" ? when : expiry(Date.now())(when));

export function addKeys(program: Command, host: Host): void {
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
      "what it may do: github, gmail.list_*, slack:read, or github:raw for any request, which * does not contain (all you may; with --agent only to read)",
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

const once = "full_key is shown this one time: keep it now, where only you can read it.";

/** `skillett keys` */
export async function keys(options: Profiled, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  const listed = await client.listApiKeys({ query: {}, signal });
  await printJson(host, listed);
  for (const { message } of keyWarnings(listed, Date.now())) warn(host, message);
}

export interface KeyOptions extends Profiled {
  /** Separated by commas. */
  scopes?: string;
  /** ISO 8601, or `never`. */
  expires?: string;
  /** Slug or UUID. */
  agent?: string;
}

/** `skillett keys create <name>` */
export async function createKey(name: string, options: KeyOptions, host: Host): Promise<void> {
  const scopes = scopeList(options.scopes, "github,gmail.list_*");
  const { client, signal } = openSession(host, options.profile);
  const expires_at = options.expires === "never" ? null : options.expires;
  const made = await client.createApiKey({
    body: { name, scopes, expires_at, agent_id: options.agent },
    signal,
  });
  await printJson(host, made);
  warn(host, once);
  if (made.hint !== undefined) warn(host, hintInWords(made, options));
}

type Made = Awaited<ReturnType<Client["createApiKey"]>>;

/** The hint that comes with a key, in the words of this command line. */
function hintInWords({ api_key: { scopes, expires_at, agent_id } }: Made, chosen: KeyOptions): string {
  const reads = chosen.scopes === undefined ? "It only reads, since no --scopes were given." : "";
  const ends =
    chosen.expires === undefined && expires_at !== null
      ? `It ends ${expires_at}, since no --expires was given (--expires never gives it no end).`
      : "";
  const all =
    agent_id !== undefined && scopes.includes("*")
      ? "It may do everything with all your accounts, those you connect later too."
      : "";
  const more = "Name what the agent needs: --scopes *:read,github.create_issue";
  const raw = rawInWords(scopes) ?? "";
  return [reads, ends, all, reads || all ? more : "", raw].filter((it) => it !== "").join(" ");
}

/** `skillett keys revoke <id>` */
export async function revokeKey(id: string, options: Profiled, host: Host): Promise<void> {
  refuseKey(id);
  const { client, signal } = openSession(host, options.profile);
  await client.revokeApiKey({ params: { id }, signal });
  await printJson(host, { id, status: "revoked" });
}

/** `skillett keys rotate <id>`. The key the CLI itself uses is replaced in the config file, and not shown. */
export async function rotateKey(id: string, options: Profiled, host: Host): Promise<void> {
  refuseKey(id);
  const { profile } = loadSettings(host.env, options.profile);
  const { client, signal } = openSession(host, options.profile);
  const own = profile !== undefined && (await client.whoami({ signal })).api_key.id === id;
  // Not to be interrupted: the old key stops, and the new one would be lost.
  const { api_key, full_key } = await client.rotateApiKey({ params: { id } });
  if (own) {
    replaceKey(profile, full_key, host);
    await printJson(host, { api_key });
    host.stderr.write(`The new key is in the profile "${profile}".\n`);
    return;
  }
  await printJson(host, { api_key, full_key });
  warn(host, once);
}

function replaceKey(profile: string, apiKey: string, host: Host): void {
  const file = configFile(host.env);
  const before = readConfig(file).profiles[profile];
  if (before) saveProfile(file, profile, { ...before, apiKey });
}

/** @throws UsageError for a key, which is SECRET, in the place of its id; it is not repeated */
function refuseKey(id: string): void {
  if (!id.startsWith("sk_")) return;
  throw new UsageError(
    "That is a key, or its prefix: its id (key_…) is wanted. A whole key on the command line counts as leaked.",
    ["skillett keys"],
  );
}

import type { Command } from "commander";
import { flagNames } from "#cli/run/flags.js";
import { formsOf, isSwitch, paramsSchema } from "#cli/run/params-schema.js";
import { configFile, readConfig } from "#cli/server/config-file.js";
import { loadSettings } from "#cli/server/settings.js";
import { createNodeTransport } from "#cli/server/transport.js";
import type { Host } from "#cli/terminal/host.js";
import { type Client, createClient } from "#client/client.js";

/** Nobody waits longer for a Tab. */
const patienceMs = 1500;

/** Prints the completions of the last of `args`, one per line. Candidates that cannot be looked up are left out. */
export async function complete(args: string[], program: Command, host: Host): Promise<void> {
  const current = args.at(-1) ?? "";
  const candidates = await candidatesFor(args.slice(0, -1), current, program, host).catch(() => []);
  const fitting = candidates.filter((candidate) => candidate.startsWith(current));
  if (fitting.length > 0) host.stdout.write(`${fitting.join("\n")}\n`);
}

async function candidatesFor(
  before: string[],
  current: string,
  program: Command,
  host: Host,
): Promise<string[]> {
  const { command, path, rest } = descend(program, before);
  if (path === "run" && rest.length >= 2) return runCandidates(rest, current, host);
  if (current.startsWith("-")) return path === "" && rest.length > 0 ? [] : longFlags(command);
  if (path === "" && rest[0] === "help") return rest.length === 1 ? subcommands(program) : [];
  return rest.length === 0 && command.commands.length > 0
    ? subcommands(command)
    : wordCandidates(path, rest, command, host);
}

/** Follows the arguments into the commands as far as they name some. `rest` are arguments and flags. */
function descend(command: Command, args: string[], path: string[] = []) {
  const [name, ...rest] = args;
  const inner = command.commands.find((candidate) => candidate.name() === name);
  if (inner && name !== undefined) return descend(inner, rest, [...path, name]);
  return { command, path: path.join(" "), rest: args };
}

function subcommands(command: Command): string[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((inner) => inner.name());
}

/** Commands whose argument is a connection. */
const onConnections = ["disconnect", "connections default", "connections share", "connections unshare"];

/** Commands whose argument is an API key, by its id. */
const onKeys = ["keys revoke", "keys rotate"];

/** Commands whose arguments are an integration and its endpoints, on or off. */
const onIntegrations = ["list", "enable", "disable", "remove", "refresh"].map(
  (verb) => `integrations ${verb}`,
);

/** Commands whose argument is a profile of the config file. */
const onProfiles = ["profiles use", "profiles remove"];

async function wordCandidates(path: string, rest: string[], command: Command, host: Host): Promise<string[]> {
  const choices = command.registeredArguments[rest.length]?.argChoices;
  if (choices) return choices;
  const [integration] = rest;
  if (path === "pull" && integration === undefined) return pullable(host);
  if (["run", "request", "skills", "connect"].includes(path) && integration === undefined) {
    return (await clientFor(host).listIntegrations()).integrations.map(({ slug }) => slug);
  }
  if (["run", "skills"].includes(path) && integration !== undefined && rest.length === 1) {
    return (await clientFor(host).getIntegration({ params: { integration } })).endpoints.map(
      (endpoint) => endpoint.name,
    );
  }
  if (onIntegrations.includes(path)) return switchable(path, integration, host);
  if (onConnections.includes(path) && rest.length === 0) {
    return (await clientFor(host).listConnections()).connections.map(({ id }) => id);
  }
  if (onKeys.includes(path) && rest.length === 0) {
    const own = (await clientFor(host).listApiKeys()).filter(({ revoked_at }) => revoked_at === null);
    return own.map(({ id }) => id);
  }
  if (onProfiles.includes(path) && rest.length === 0) {
    return Object.keys(readConfig(configFile(host.env)).profiles);
  }
  if (path === "admin provider" && rest.length === 0) {
    return (await clientFor(host).listProviders()).providers.map(({ provider }) => provider);
  }
  return [];
}

/** Integrations, those that the tenant brought, or endpoints that are not as the command makes them. */
async function switchable(path: string, integration: string | undefined, host: Host): Promise<string[]> {
  const client = clientFor(host);
  if (integration === undefined) {
    const { integrations } = await client.listTenantIntegrations();
    const kinds = { "integrations remove": ["import", "mcp"], "integrations refresh": ["mcp"] }[path];
    const fitting = integrations.filter(({ kind }) => kinds?.includes(kind) ?? true);
    return fitting.map((it) => it.integration);
  }
  if (!/(en|dis)able$/.test(path)) return [];
  const { endpoints } = await client.getTenantIntegration({ params: { integration } });
  const isOn = path === "integrations disable";
  return endpoints.filter(({ enabled }) => enabled === isOn).map(({ name }) => name);
}

/** Integrations and skills. */
async function pullable(host: Host): Promise<string[]> {
  const client = clientFor(host);
  const [{ integrations }, { skills }] = await Promise.all([
    client.listIntegrations(),
    client.getOwnSkills(),
  ]);
  return [...integrations, ...skills].map(({ slug }) => slug);
}

/** Flags of the endpoint, or the values of the flag before the cursor. */
async function runCandidates(
  [integration = "", endpoint = "", ...flags]: string[],
  current: string,
  host: Host,
) {
  const page = await clientFor(host).getEndpoint({ params: { integration, endpoint } });
  const schema = paramsSchema(page.params);
  const param = schema.properties[flags.at(-1)?.replace(/^--/, "") ?? ""];
  if (param && !isSwitch(param) && !current.startsWith("-")) {
    return formsOf(param).flatMap((form) => (form.schema.enum ?? []).map(String));
  }
  return flagNames(schema).filter((flag) => !flags.includes(flag));
}

function longFlags(command: Command): string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
}

function clientFor(host: Host): Client {
  const { url, apiKey } = loadSettings(host.env, undefined);
  return createClient({ url, apiKey, transport: createNodeTransport(host.env, patienceMs) });
}

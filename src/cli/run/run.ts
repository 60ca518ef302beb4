import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Command } from "commander";
import { allQuery, printItems, spellOut } from "#cli/run/all-pages.js";
import { type EndpointPage, endpointHelp, runFlagRows } from "#cli/run/endpoint-help.js";
import { factsOf, type LocalFiles, takeLocalFiles, uploadAll } from "#cli/run/file-params.js";
import { isObject, parseJson, ValueError } from "#cli/run/flag-values.js";
import { buildParams, type ParsedFlags, parseFlags, runFlags } from "#cli/run/flags.js";
import { inDoubt } from "#cli/run/in-doubt.js";
import { outputPath, saveReply } from "#cli/run/output-file.js";
import { type ParamsSchema, paramsSchema, typeInWords } from "#cli/run/params-schema.js";
import { printReply } from "#cli/run/reply.js";
import { noteFileNames, readFileFlags } from "#cli/run/text-flags.js";
import { openSession, type Session } from "#cli/server/session.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { table } from "#cli/terminal/table.js";
import { readStdin, readTextFile } from "#cli/terminal/text-input.js";

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

export function addRun(program: Command, host: Host, exit: (code: number) => void): void {
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
    .action(async (args: string[]) => exit(await run(args, host)));
}

/** `skillett run <integration> <endpoint> [flags]`: `args` is everything after `run`. */
export async function run(args: string[], host: Host): Promise<number> {
  const { integration, endpoint, rest, profile } = readPositionals(args);
  const session = openSession(host, profile);
  if (endpoint === undefined) throw await whichEndpoint(session, integration);
  const page = await session.client.getEndpoint({
    params: { integration, endpoint },
    signal: session.signal,
  });
  const schema = paramsSchema(page.params);
  const flags = parseFlags(spellOut(rest, schema), schema);
  if (flags.run.help) {
    host.stdout.write(endpointHelp(page, host.stdout.columns ?? 80));
    return exitCodes.ok;
  }
  const { params, files } = await collectParams(flags, page, host);
  const target = outputPath(flags, host);
  const query = { ...allQuery(flags), ...(target === undefined ? {} : { as: "file" as const }) };
  const isDry = flags.run["dry-run"] === true;
  const given = isDry ? params : await uploadAll(session, files, params, host);
  try {
    // By the name that was typed, so that the answer says when there is another one.
    const reply = await execute(
      session,
      { integration, endpoint },
      flags,
      given,
      query,
      isDry ? factsOf(files) : {},
    );
    if (target !== undefined && !isDry) return await saveReply(session, reply, page, target, host);
    if (flags.run["all-pages"] && !flags.run["dry-run"]) return await printItems(reply, page, flags, host);
    return await printReply(reply, page, flags.run.fields as string | undefined, host);
  } catch (error) {
    throw isHarmless(page, flags) ? error : inDoubt(error, integration);
  }
}

/** Repeating the call does no harm. */
function isHarmless({ effect }: EndpointPage, { run }: ParsedFlags): boolean {
  return effect === "read" || run["dry-run"] === true || run["idempotency-key"] !== undefined;
}

/** Finds integration and endpoint; all other words are flags, which are read by the endpoint's schema. */
function readPositionals(args: string[]) {
  const { tokens, values } = parseArgs({
    args,
    options: runFlags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const firstParam = tokens.findIndex(
    (token) => token.kind === "option" && !Object.hasOwn(runFlags, token.name),
  );
  const head = firstParam < 0 ? tokens : tokens.slice(0, firstParam);
  const positionals = head.filter((token) => token.kind === "positional").slice(0, 2);
  const [integration, endpoint] = positionals.map(({ value }) => value);
  if (!integration)
    throw new UsageError("Which integration, and which endpoint of it?", [
      "skillett skills",
      "skillett run --help",
    ]);
  if (!isName(integration))
    throw new UsageError(`"${integration}" is not the name of an integration.`, ["skillett skills"]);
  if (endpoint !== undefined && !isName(endpoint))
    throw new UsageError(`"${endpoint}" is not the name of an endpoint.`, [`skillett skills ${integration}`]);
  const taken = new Set(positionals.map(({ index }) => index));
  const rest = args.filter((_, index) => !taken.has(index));
  const profile = typeof values.profile === "string" ? values.profile : undefined;
  return { integration, endpoint, rest, profile };
}

/**
 * The error that lists the endpoints. An integration that does not exist is refused before, with the name that was
 * probably meant.
 */
async function whichEndpoint({ client, signal }: Session, integration: string): Promise<UsageError> {
  const { endpoints } = await client.getIntegration({ params: { integration }, signal });
  const names = endpoints.slice(0, 8).map(({ name }) => name);
  const more = endpoints.length > names.length ? ", …" : "";
  return new UsageError(`Which endpoint of ${integration}? It has ${names.join(", ")}${more}.`, [
    `skillett skills ${integration}`,
  ]);
}

function isName(word: string): boolean {
  return /^[\w-]+$/.test(word);
}

/** All problems of the flags are reported at once, and nothing is sent. */
async function collectParams(
  flags: ParsedFlags,
  page: EndpointPage,
  host: Host,
): Promise<{ params: Record<string, unknown>; files: LocalFiles }> {
  const schema = paramsSchema(page.params);
  const usesStdin = flags.run.params === "-";
  const base = typeof flags.run.params === "string" ? await readParams(flags.run.params, host) : {};
  const problems = [...flags.problems];
  const local = takeLocalFiles(flags.params, usesStdin, host, problems);
  noteFileNames(local.flags, host, problems);
  const given = await readFileFlags(local.flags, usesStdin, host, problems);
  const params = buildParams(given, base, problems);
  const missing = schema.required.filter((name) => !Object.hasOwn(params, name) && !flags.named.has(name));
  if (missing.length > 0) problems.push(missingMessage(missing, schema));
  if (problems.length === 0) return { params, files: local.files };
  throw new UsageError(problems.join("\n  "), [`skillett run ${page.integration} ${page.endpoint} --help`]);
}

function missingMessage(names: string[], { properties }: ParamsSchema): string {
  const flags = names.map((name) => {
    const schema = properties[name] ?? {};
    return `    --${name} <${typeInWords(schema)}>${schema.description ? `  ${schema.description}` : ""}`;
  });
  return [
    names.length === 1 ? "A required param is missing:" : "Required params are missing:",
    ...flags,
  ].join("\n");
}

async function readParams(source: string, host: Host): Promise<Record<string, unknown>> {
  const text =
    source === "-"
      ? await readStdin(host, "--params")
      : source.startsWith("@")
        ? readTextFile(resolve(host.directory ?? "", source.slice(1)), "--params")
        : source;
  const value = jsonOf(text);
  if (!isObject(value))
    throw new UsageError('--params expects a JSON object, such as \'{"repo": "acme/app"}\'.');
  return value;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text, "is not JSON");
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`--params ${error.message}.`);
    throw error;
  }
}

function execute(
  session: Session,
  called: { integration: string; endpoint: string },
  { run }: ParsedFlags,
  params: Record<string, unknown>,
  query: ReturnType<typeof allQuery> & { as?: "file" },
  files: ReturnType<typeof factsOf>,
) {
  const idempotencyKey = run["idempotency-key"];
  return session.client.stream("executeEndpoint", {
    params: called,
    query: {
      ...query,
      ...(run["dry-run"] ? { dry_run: true } : {}),
      // The server knows the views, and refuses any other in its own words.
      ...(typeof run.view === "string" ? { view: run.view as "readable" } : {}),
    },
    headers: typeof idempotencyKey === "string" ? { "idempotency-key": idempotencyKey } : {},
    body: {
      params,
      ...(Object.keys(files).length > 0 ? { files } : {}),
      ...(typeof run.connection === "string" ? { connection: run.connection } : {}),
    },
    signal: session.signal,
  });
}

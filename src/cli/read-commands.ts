import { type Command, Option } from "commander";
import { examples, integer, type Profiled, profiled } from "#cli/command-parts.js";
import {
  endpointJson,
  endpointLines,
  isLong,
  linesByResource,
  resourceJson,
} from "#cli/run/endpoint-list.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printText } from "#cli/terminal/output.js";
import { tell } from "#cli/terminal/report.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput, CallOutput } from "#contract/io.js";
import { callStatuses } from "#core/call-status.js";
import { didYouMean } from "#core/suggest.js";

export function addReading(program: Command, host: Host): void {
  profiled(program.command("skills"))
    .summary("See integrations, their endpoints, and how to call one")
    .description("List the integrations, the endpoints of one, or everything needed to call one endpoint.")
    .argument("[integration]", "such as github")
    .argument("[endpoint]", "such as create_issue")
    .option("-q, --query <words>", "find endpoints for what you want to do, of one integration or of all")
    .option("-r, --resource <name>", "only the endpoints of this resource, such as issues")
    .option("--json", "print all endpoints of an integration as JSON, also on a terminal")
    .addHelpText(
      "after",
      examples(
        "skillett skills",
        'skillett skills -q "open an issue"',
        'skillett skills github -q "why is CI red"',
        "skillett skills github --resource issues",
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

export function addWhoami(program: Command, host: Host): void {
  profiled(program.command("whoami"))
    .description("Show whose key is used, in which tenant, and what it may do.")
    .action((options: Profiled) => whoami(options, host));
}

interface SkillsOptions {
  query?: string;
  resource?: string;
  json?: boolean;
}

/** `skillett skills [integration [endpoint]] [-q words | --resource name]` */
export async function skills(
  integration: string | undefined,
  endpoint: string | undefined,
  options: SkillsOptions & { profile?: string },
  host: Host,
): Promise<void> {
  if (endpoint && options.query !== undefined)
    throw new UsageError("-q searches endpoints: leave out the name of one.");
  if (options.resource !== undefined && (!integration || endpoint))
    throw new UsageError("--resource is of an integration: skillett skills github --resource issues");
  const query = options.query === undefined ? {} : { q: options.query };
  const { client, signal } = openSession(host, options.profile);
  if (integration && !endpoint) {
    const listed = await client.getIntegration({ params: { integration }, query, signal });
    return printEndpoints(host, ofResource(listed, options.resource), options);
  }
  const reply =
    integration && endpoint
      ? await client.stream("getEndpoint", { params: { integration, endpoint }, signal })
      : await client.stream("listIntegrations", { query, signal });
  await printBody(host, reply.body);
}

type Listed = CallOutput<Contract["getIntegration"]>;

function ofResource(listed: Listed, resource: string | undefined): Listed {
  if (resource === undefined) return listed;
  const endpoints = listed.endpoints.filter((it) => it.resource === resource);
  if (endpoints.length > 0) return { ...listed, endpoints };
  const known = listed.endpoints.map((it) => it.resource);
  throw new UsageError(
    `${listed.integration} has no endpoints of the resource ${resource}.${didYouMean(resource, known)}`,
  );
}

async function printEndpoints(
  host: Host,
  listed: Listed,
  { query, resource, json }: SkillsOptions,
): Promise<void> {
  const { isTTY, columns = 80 } = host.stdout;
  if (!json && !isTTY && resource === undefined && isLong(listed))
    return printText(host, resourceJson(listed));
  if (json || !isTTY) return printText(host, endpointJson(listed));
  if (listed.hint) return tell(host, listed.hint.message, listed.hint.next);
  // Those that were found have an order of their own.
  const lines = query === undefined ? linesByResource : endpointLines;
  await printText(host, `${lines(listed.endpoints, columns)}\n`);
}

/** `skillett whoami` */
export async function whoami(options: { profile?: string }, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("whoami", { signal })).body);
}

/** `skillett usage` */
export async function usage(options: { profile?: string }, host: Host): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  await printBody(host, (await client.stream("getUsage", { signal })).body);
}

export type CallsQuery = NonNullable<CallInput<Contract["listCalls"]>["query"]>;

/** `skillett calls [--limit --cursor --integration --endpoint --status]` */
export async function calls(options: CallsQuery & { profile?: string }, host: Host): Promise<void> {
  const { profile, ...query } = options;
  const { client, signal } = openSession(host, profile);
  await printBody(host, (await client.stream("listCalls", { query, signal })).body);
}

import type { FastifyBaseLogger } from "fastify";
import { type Catalog, createCatalog } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import type { Clock } from "#core/clock.js";
import { StartupError } from "#core/startup-error.js";
import { createStdioServers } from "#integrations/mcp/stdio-servers.js";
import type { Config } from "#main/config.js";
import { startReadingStdioServers } from "#main/read-stdio-servers.js";
import type { CallTool } from "#mcp-servers/call-tool.js";
import { type StdioCommand, stdioSlug } from "#mcp-servers/stdio/command.js";
import type { StdioTools } from "#mcp-servers/stdio/connection.js";
import { createTakenTools } from "#mcp-servers/stdio/pins.js";
import type { StdioServer } from "#mcp-servers/stdio/server.js";
import { createRedactor } from "#upstream/redact.js";

export interface StdioParts {
  /** A catalogue of folders with the servers of the operator. */
  complete: (folders: Catalog) => Catalog;
  /** Takes the tools that are held. */
  take: () => void;
  /** Calls tools of these servers, and leaves others to the other. */
  callTool: (other: CallTool) => CallTool;
  /** Starts the servers and reads their tools, without waiting for it. */
  startReading: () => void;
  close: () => Promise<void>;
}

interface Parts {
  config: Pick<Config, "stdioServers" | "dataDir" | "callTimeoutMs" | "upstreamTimeoutMs">;
  clock: Clock;
  logger: FastifyBaseLogger;
  /** The integrations are others now. */
  onChange: () => void;
}

const idleMs = 10 * 60_000;
const maxStartMs = 60_000;
/** Lines of stderr that are logged of one server within a minute. */
const maxComplaints = 60;
/** Lines that are told with a failure. */
const maxLatest = 5;

/** MCP servers that are commands on this machine. Without any, nothing of it is loaded. */
export function wireStdioServers({ config, clock, logger, onChange }: Parts): StdioParts {
  const { stdioServers: commands, callTimeoutMs: totalMs, upstreamTimeoutMs: silenceMs } = config;
  const servers = createStdioServers({
    commands,
    taken: createTakenTools(config.dataDir),
    onChange,
    onHeld: (mcp_server, endpoints) =>
      logger.warn(
        { mcp_server, endpoints },
        "tools of an MCP server are new or have changed, and are off: skillett integrations reload takes them as they are now",
      ),
    onTaken: (mcp_server, endpoints, notes) =>
      logger.info({ mcp_server, endpoints, notes }, "the tools of an MCP server were taken as they are now"),
  });
  const complaints = new Map(commands.map((it) => [it.slug, createComplaints(logger, it, clock)]));
  const onComplaint = (slug: string, line: string) => complaints.get(slug)!.add(line);
  const processes = createProcesses(config, { clock, onComplaint, onTools: servers.listed });
  const maskers = new Map(commands.map(({ slug, env }) => [slug, createRedactor(secretsOf(env))]));
  let stopReading = () => {};

  return {
    complete: (folders) => (commands.length === 0 ? folders : withServers(folders, servers.integrations())),
    take: servers.take,
    callTool: (other) => async (call) => {
      const slug = stdioSlug(call.server.url);
      // An address like that which a tenant brings is refused by the other, since it is not of a network.
      if (slug === undefined || call.server.use !== `integration:${slug}`) return other(call);
      const { callStdioTool } = await import("#mcp-servers/stdio/call-tool.js");
      const [server, redactor] = [await processes.of(slug), maskers.get(slug)!];
      return callStdioTool({ server, redactor, totalMs, silenceMs }, call);
    },
    startReading() {
      const read = async (slug: string) => (await processes.of(slug)).use(async () => {});
      const complaintsOf = (slug: string) => complaints.get(slug)!.latest();
      stopReading = startReadingStdioServers({ slugs: [...complaints.keys()], read, complaintsOf, logger });
    },
    async close() {
      stopReading();
      await processes.close();
    },
  };
}

interface ProcessParts extends Pick<Parts, "clock"> {
  onComplaint: (slug: string, line: string) => void;
  onTools: (slug: string, tools: StdioTools) => void;
}

/** The servers by slug. The library is loaded when the first one is spoken to. */
function createProcesses(
  { stdioServers, callTimeoutMs }: Parts["config"],
  { clock, onComplaint, onTools }: ProcessParts,
) {
  const startMs = Math.min(callTimeoutMs, maxStartMs);
  let loading: Promise<Map<string, StdioServer>> | undefined;

  async function load(): Promise<Map<string, StdioServer>> {
    const { createStdioServer } = await import("#mcp-servers/stdio/server.js");
    const toServer = (command: StdioCommand) =>
      createStdioServer({
        command,
        clock,
        idleMs,
        startMs,
        onComplaint: (line) => onComplaint(command.slug, line),
        onTools: (tools) => onTools(command.slug, tools),
      });
    return new Map(stdioServers.map((command) => [command.slug, toServer(command)]));
  }

  return {
    async of(slug: string): Promise<StdioServer> {
      loading ??= load();
      return (await loading).get(slug)!;
    },
    async close(): Promise<void> {
      const all = [...((await loading)?.values() ?? [])];
      await Promise.all(all.map((it) => it.close()));
    },
  };
}

/** @throws StartupError for a slug that a folder has */
function withServers({ integrations, providers }: Catalog, servers: readonly Integration[]): Catalog {
  const taken = servers.filter(({ slug }) => integrations.has(slug)).map(({ slug }) => slug);
  if (taken.length > 0) {
    throw new StartupError(
      taken
        .map((slug) => `The MCP server ${slug} needs another name: an integration has that one.`)
        .join("\n"),
    );
  }
  return createCatalog(new Map([...integrations, ...servers.map((it) => [it.slug, it] as const)]), providers);
}

/** By the names of its variables: the others, such as a folder, may stand in every answer. */
const secretsOf = (env: StdioCommand["env"]) =>
  Object.entries(env).flatMap(([name, value]) =>
    /TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH|PAT$|DSN|URL$/i.test(name) ? [value] : [],
  );

/** Lines of stderr, without the values of the environment that the operator has given. */
function createComplaints(logger: FastifyBaseLogger, { slug, env }: StdioCommand, clock: Clock) {
  const redactor = createRedactor(Object.values(env));
  const latest: string[] = [];
  let since = clock();
  let count = 0;
  return {
    latest: () => latest,
    add(text: string) {
      if (clock() - since >= 60_000) [since, count] = [clock(), 0];
      count += 1;
      if (count > maxComplaints) return;
      const line = redactor.text(text);
      latest.push(line);
      if (latest.length > maxLatest) latest.shift();
      const more = count === maxComplaints ? "; more lines within this minute are left out" : "";
      logger.info({ mcp_server: slug, line }, `an MCP server wrote to stderr${more}`);
    },
  };
}

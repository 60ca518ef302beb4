import { hash } from "node:crypto";
import type { CatalogOf } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import type { AsAccount } from "#connections/account-headers.js";
import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { ToolChange } from "#core/tool-change.js";
import type { Imported, ImportIntegration } from "#integrations/importing.js";
import { readServerRequest, type ServerRequest } from "#integrations/mcp/server-request.js";
import { toolChanges } from "#integrations/mcp/tool-changes.js";
import { listLimits } from "#mcp-servers/list-limits.js";
import type { Listed, ListTools, ServerTools } from "#mcp-servers/list-tools.js";
import { type ListedTool, pinOf } from "#mcp-servers/pin.js";
import type { ServerDescription } from "#mcp-servers/server-files.js";
import type { IntegrationRows } from "#store/integration-rows.js";
import type { RouteRows } from "#store/route-rows.js";
import type { IntegrationRow, RouteRow } from "#store/schema/integration-tables.js";
import type { Use } from "#upstream/guard.js";

export interface AddedServer extends Imported {
  /** It shows its tools to nobody without a credential. */
  isClosed: boolean;
}

type Owner = Pick<Person, "tenantId" | "profileId">;

/** MCP servers of a tenant. Rights are checked before. */
export interface McpServers {
  /**
   * Adds a server with the tools that it shows to anybody.
   *
   * @throws SkillettError `bad_request`, `conflict`; `upstream_unreachable` and `upstream_timeout`
   */
  add(owner: Owner, request: ServerRequest, signal: RequestSignal): Promise<AddedServer>;
  /** Reads the tools anew, with the owner's account there if they have one. @throws the same, and `token_expired` */
  refresh(owner: Owner, slug: string, signal: RequestSignal): Promise<AddedServer>;
}

interface Deps {
  catalogOf: CatalogOf;
  integrations: Pick<IntegrationRows, "get">;
  routes: Pick<RouteRows, "pageOf">;
  importIntegration: ImportIntegration;
  listTools: ListTools;
  asAccount: AsAccount;
  /** Tells those who may decide. */
  noteChanges: (of: Owner, changes: readonly ToolChange[]) => Promise<void>;
}

/** Only public hosts are open to what tenants bring. */
const use: Use = "tenant-integration";

/** Kept with the integration: what a person said of the server. */
type Said = Pick<ServerDescription, "name" | "url" | "headers" | "isClosed">;

export function createMcpServers(deps: Deps): McpServers {
  const { catalogOf, integrations, routes, importIntegration, listTools, asAccount, noteChanges } = deps;

  async function store(
    owner: Owner,
    slug: string,
    said: Said,
    found: ServerTools | null,
  ): Promise<AddedServer> {
    const { tools = [], leftOut = [] } = found ?? {};
    const server: ServerDescription = { ...said, slug, tools, leftOut };
    const imported = await importIntegration(owner, {
      slug,
      kind: "mcp",
      content: "tools",
      body: Buffer.from(JSON.stringify(server)),
      options: {},
      source: { server: said, listed: found && digestOf(tools) },
      isDryRun: false,
    });
    return { ...imported, isClosed: found === null };
  }

  /** All that are stored: as many as a server may have tools. */
  const routesOf = ({ tenantId }: Owner, slug: string) =>
    routes.pageOf(tenantId, { slug, name: "" }, listLimits.tools);

  return {
    async add(owner, request, signal) {
      const { slug, url, name, headers } = readServerRequest(request);
      await refuseKnown(catalogOf, owner, slug);
      const fixed = Object.entries(headers).filter(([, value]) => !value.includes("{token}"));
      const service = name ?? new URL(url).host;
      const server = { use, service, url, headers: Object.fromEntries(fixed) };
      const listed = await listTools({ server, signal });
      const found = isOpen(listed) ? listed : null;
      const said = { name: name ?? found?.name ?? service, url, headers, isClosed: found === null };
      return store(owner, slug, said, found);
    },

    async refresh(owner, slug, signal) {
      const row = await integrations.get(owner.tenantId, slug);
      if (row?.kind !== "mcp") throw noServer(slug);
      const integration = (await catalogOf(owner)).known.get(slug)!;
      const found = await asAccount(owner, integration, async ({ url, headers }) => {
        const server = { use, service: integration.name, url, headers };
        const listed = await listTools({ server, signal });
        if (isOpen(listed)) return listed;
        if (listed.challenge.status === 403) throw notForThisAccount(integration);
        return undefined;
      });
      if (!found) throw notConnected(integration);
      const before = await routesOf(owner, slug);
      if (sourceOf(row).listed === digestOf(found.tools)) return unchanged(row, before, found);
      const stored = await store(owner, slug, sourceOf(row).server, found);
      const names = stored.diff.changed.map(({ name }) => name);
      await noteChanges(owner, toolChanges(before, await routesOf(owner, slug), names));
      return stored;
    },
  };
}

/** Nothing is written, so that nobody reads the catalogue anew. */
function unchanged(
  { slug }: IntegrationRow,
  rows: readonly RouteRow[],
  { leftOut }: ServerTools,
): AddedServer {
  const on = rows.filter(({ enabled }) => enabled === 1).length;
  return {
    slug,
    created: false,
    isClosed: false,
    problems: [],
    bytes: 0,
    endpoints: { on, off: rows.length - on },
    diff: { added: [], removed: [], changed: [], renamed: [] },
    gains: [],
    report: { kind: "mcp", title: "", version: "", left_out: [], notes: leftOut },
  };
}

const isOpen = (listed: Listed): listed is ServerTools => "tools" in listed;

/** Kept with the integration, for the next reading of its tools. */
interface Source {
  server: Said;
  /** Digest of the tools that were there; null when they could not be read. */
  listed: string | null;
}

const sourceOf = ({ source }: IntegrationRow) => JSON.parse(source!) as Source;

const digestOf = (tools: readonly ListedTool[]) =>
  hash("sha256", tools.map(pinOf).sort().join(), "base64url");

async function refuseKnown(catalogOf: CatalogOf, owner: Owner, slug: string): Promise<void> {
  const { known } = await catalogOf({ tenantId: owner.tenantId });
  if (!known.has(slug)) return;
  throw new SkillettError("conflict", {
    message: `There is an integration ${slug} already. Give this server another name.`,
    next: [
      "skillett integrations add-mcp <url> --slug <other-name>",
      `skillett integrations refresh ${slug}`,
    ],
  });
}

function noServer(slug: string): SkillettError {
  return new SkillettError("not_found", {
    message: `There is no MCP server ${slug} that your tenant added.`,
    next: ["skillett integrations list"],
  });
}

/** The credential is good: another one would be refused as well. */
function notForThisAccount({ name }: Integration): SkillettError {
  return new SkillettError("conflict", {
    message: `${name} answers 403: this account may not see its tools. Nothing was changed.`,
    next: ["skillett connections"],
  });
}

function notConnected({ slug, name }: Integration): SkillettError {
  return new SkillettError("integration_not_connected", {
    message: `${name} shows its tools to nobody without an account. Connect yours first.`,
    next: [`skillett connect ${slug} --token -`, `skillett integrations refresh ${slug}`],
  });
}

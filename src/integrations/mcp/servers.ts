import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { CatalogOf } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import type { AsAccount } from "#connections/account-headers.js";
import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { ToolChange } from "#core/tool-change.js";
import type { Imported, ImportIntegration } from "#integrations/importing.js";
import { readServerRequest, type ServerRequest } from "#integrations/mcp/server-request.js";
import type { Looked, ServerSignIns, SignInState } from "#integrations/mcp/server-sign-ins.js";
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
  /** People can sign in there by browser. */
  canSignIn: boolean;
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
  signIns: ServerSignIns;
  /** Tells those who may decide. */
  noteChanges: (of: Owner, changes: readonly ToolChange[]) => Promise<void>;
}

/** Only public hosts are open to what tenants bring. */
const use: Use = "tenant-integration";

/** Kept with the integration: what a person said of the server. */
type Said = Pick<ServerDescription, "name" | "url" | "headers" | "isClosed"> & SignInState;

export function createMcpServers(deps: Deps): McpServers {
  const { catalogOf, integrations, routes, importIntegration, listTools, asAccount, signIns } = deps;

  async function store(
    owner: Owner,
    slug: string,
    said: Said,
    found: ServerTools | null,
  ): Promise<AddedServer> {
    const { tools = [], leftOut = [] } = found ?? {};
    const { challenge: _, ...described } = said;
    const server: ServerDescription = { ...described, slug, tools, leftOut };
    const imported = await importIntegration(owner, {
      slug,
      kind: "mcp",
      content: "tools",
      body: Buffer.from(JSON.stringify(server)),
      options: {},
      source: { server: said, listed: found && digestOf(tools) },
      isDryRun: false,
    });
    return { ...imported, isClosed: found === null, canSignIn: false };
  }

  /** With a client of ours at the server, and a note where there can be none. */
  async function withClient(
    { tenantId }: Owner,
    added: AddedServer,
    { signIn, found, problem }: Looked,
    service: string,
    signal: RequestSignal,
  ): Promise<AddedServer> {
    const { slug, report, isClosed } = added;
    // A server that cannot be asked just now has the client that it had.
    const asBefore = signIn ? undefined : problem;
    const why = found ? await signIns.register({ tenantId, slug, service }, found, signal) : asBefore;
    if (why === undefined) return { ...added, canSignIn: signIn !== null };
    const note = `Nobody can sign in at ${service} by browser. ${why}.`;
    return isClosed ? { ...added, report: { ...report, notes: [...report.notes, note] } } : added;
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
      const head = isOpen(listed) ? undefined : listed.challenge;
      const looked =
        head?.status === 401 ? await signIns.look({ url, service, head }, nothing, signal) : open;
      const said = {
        name: name ?? found?.name ?? service,
        url,
        headers,
        isClosed: found === null,
        challenge: looked.challenge,
        signIn: looked.signIn,
      };
      return withClient(owner, await store(owner, slug, said, found), looked, service, signal);
    },

    async refresh(owner, slug, signal) {
      const row = await integrations.get(owner.tenantId, slug);
      if (row?.kind !== "mcp") throw noServer(slug);
      const integration = (await catalogOf(owner)).known.get(slug)!;
      const { server: said, listed: before } = sourceOf(row);
      const { name: service } = integration;
      const looked = said.isClosed ? await signIns.look({ url: said.url, service }, said, signal) : open;
      const now = { ...said, challenge: looked.challenge, signIn: looked.signIn };
      const isOtherSignIn = !isDeepStrictEqual(now.signIn, said.signIn);
      const found = await asAccount(owner, integration, async ({ url, headers }) => {
        const server = { use, service: integration.name, url, headers };
        const listed = await listTools({ server, signal });
        if (isOpen(listed)) return listed;
        if (listed.challenge.status === 403) throw notForThisAccount(integration);
        return undefined;
      });
      if (!found) {
        // Nothing is lost of a server whose tools nobody has read yet.
        if (isOtherSignIn && before === null) await store(owner, slug, now, null);
        const { canSignIn } = await withClient(owner, nobodyRead(row), looked, service, signal);
        throw notConnected(integration, canSignIn);
      }
      const rows = await routesOf(owner, slug);
      const isSame = before === digestOf(found.tools) && !isOtherSignIn;
      const stored = isSame ? unchanged(row, rows, found) : await store(owner, slug, now, found);
      if (!isSame) {
        const names = stored.diff.changed.map(({ name }) => name);
        await deps.noteChanges(owner, toolChanges(rows, await routesOf(owner, slug), names));
      }
      return withClient(owner, stored, looked, service, signal);
    },
  };
}

/** Nothing is written, so that nobody reads the catalogue anew. */
function unchanged(
  { slug }: IntegrationRow,
  rows: readonly RouteRow[],
  { leftOut }: Pick<ServerTools, "leftOut">,
): AddedServer {
  const on = rows.filter(({ enabled }) => enabled === 1).length;
  return {
    slug,
    created: false,
    isClosed: false,
    canSignIn: false,
    problems: [],
    bytes: 0,
    endpoints: { on, off: rows.length - on },
    diff: { added: [], removed: [], changed: [], renamed: [] },
    gains: [],
    report: { kind: "mcp", title: "", version: "", left_out: [], notes: leftOut },
  };
}

const nothing: SignInState = { challenge: null, signIn: null };
/** Of a server that shows its tools to everybody: whether people may sign in there is not asked. */
const open: Looked = { ...nothing, found: undefined, problem: undefined };

const nobodyRead = (row: IntegrationRow): AddedServer => ({
  ...unchanged(row, [], { leftOut: [] }),
  isClosed: true,
});

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

function notConnected({ slug, name }: Integration, canSignIn: boolean): SkillettError {
  return new SkillettError("integration_not_connected", {
    message: `${name} shows its tools to nobody without an account. Connect yours first.`,
    next: [
      `skillett connect ${slug}${canSignIn ? "" : " --token -"}`,
      `skillett integrations refresh ${slug}`,
    ],
  });
}

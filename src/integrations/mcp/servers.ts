import type { CatalogOf } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import type { AsAccount } from "#connections/account-headers.js";
import type { Person } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { Imported, ImportIntegration } from "#integrations/importing.js";
import { readServerRequest, type ServerRequest } from "#integrations/mcp/server-request.js";
import type { Listed, ListTools, ServerTools } from "#mcp-servers/list-tools.js";
import type { ServerDescription } from "#mcp-servers/server-files.js";
import type { IntegrationRows } from "#store/integration-rows.js";
import type { IntegrationRow } from "#store/schema/integration-tables.js";

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
  importIntegration: ImportIntegration;
  listTools: ListTools;
  asAccount: AsAccount;
}

/** Kept with the integration: what a person said of the server. */
type Said = Pick<ServerDescription, "name" | "url" | "headers" | "isClosed">;

export function createMcpServers(deps: Deps): McpServers {
  const { catalogOf, integrations, importIntegration, listTools, asAccount } = deps;

  async function store(owner: Owner, slug: string, said: Said, found: ServerTools | null): Promise<AddedServer> {
    const { tools = [], leftOut = [] } = found ?? {};
    const server: ServerDescription = { ...said, slug, tools, leftOut };
    const imported = await importIntegration(owner, {
      slug,
      kind: "mcp",
      content: "tools",
      body: Buffer.from(JSON.stringify(server)),
      options: { server: said },
      isDryRun: false,
    });
    return { ...imported, isClosed: found === null };
  }

  return {
    async add(owner, request, signal) {
      const { slug, url, name, headers } = readServerRequest(request);
      await refuseKnown(catalogOf, owner, slug);
      const fixed = Object.entries(headers).filter(([, value]) => !value.includes("{token}"));
      const service = name ?? new URL(url).host;
      const server = { use: `integration:${slug}`, service, url, headers: Object.fromEntries(fixed) } as const;
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
        const server = { use: `integration:${slug}`, service: integration.name, url, headers } as const;
        const listed = await listTools({ server, signal });
        return isOpen(listed) ? listed : undefined;
      });
      if (!found) throw notConnected(integration);
      return store(owner, slug, saidOf(row), found);
    },
  };
}

const isOpen = (listed: Listed): listed is ServerTools => "tools" in listed;

const saidOf = ({ source }: IntegrationRow): Said => (JSON.parse(source!) as { server: Said }).server;

async function refuseKnown(catalogOf: CatalogOf, owner: Owner, slug: string): Promise<void> {
  const { known } = await catalogOf({ tenantId: owner.tenantId });
  if (!known.has(slug)) return;
  throw new SkillettError("conflict", {
    message: `There is an integration ${slug} already. Give this server another name.`,
    next: ["skillett integrations add-mcp <url> --slug <other-name>", `skillett integrations refresh ${slug}`],
  });
}

function noServer(slug: string): SkillettError {
  return new SkillettError("not_found", {
    message: `There is no MCP server ${slug} that your tenant added.`,
    next: ["skillett integrations list"],
  });
}

function notConnected({ slug, name }: Integration): SkillettError {
  return new SkillettError("integration_not_connected", {
    message: `${name} shows its tools to nobody without an account. Connect yours first.`,
    next: [`skillett connect ${slug} --token -`, `skillett integrations refresh ${slug}`],
  });
}

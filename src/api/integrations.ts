import { isUtf8 } from "node:buffer";
import { isOpenToAll, isTyped } from "#catalog/auth-method.js";
import type { CatalogOf } from "#catalog/catalog.js";
import type { AuthMethod, Endpoint, Integration } from "#catalog/integration.js";
import { withoutMentions } from "#catalog/mentions.js";
import { deprecation, inListOrder, isName, renaming } from "#catalog/names.js";
import { endpointPage, skillFiles } from "#catalog/page.js";
import type { Setting } from "#catalog/setting.js";
import { reachedBy } from "#catalog/settings.js";
import { viewPaths } from "#catalog/view.js";
import { endOf, findSignIn } from "#connections/connect-command.js";
import type { ConnectionManager } from "#connections/connection-manager.js";
import type { ProviderClients } from "#connections/provider-clients.js";
import { uncheckedHint } from "#connections/unasked-account.js";
import type { Contract } from "#contract/contract.js";
import type * as routes from "#contract/integrations.js";
import type { Api, Output } from "#contract/route.js";
import { isCaller, maySendRaw } from "#core/caller.js";
import type { SkillDelivery } from "#skills/delivery/delivery.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import type { ConnectionRow } from "#store/schema/tables.js";

const nothingFits = {
  message:
    "No endpoint fits these words. Say it in other words, or ask a person for an integration that can do it.",
  next: ["skillett skills"],
};

/** @param isRaw whether requests of one's own are possible */
function nothingFitsIn(slug: string, isRaw: boolean) {
  const next = [`skillett skills ${slug}`];
  if (!isRaw) return { ...nothingFits, next };
  const message = `${nothingFits.message} With the scope ${slug}:raw, which this key has, you can send ${slug} any request.`;
  return { message, next: [...next, "skillett request --help"] };
}

type Listed = Output<Contract["listIntegrations"]>;

export interface IntegrationsDeps {
  catalogOf: CatalogOf;
  clients: ProviderClients;
  connectionManager: ConnectionManager;
  delivery: SkillDelivery;
}

export function createIntegrationsApi({
  catalogOf,
  clients,
  connectionManager,
  delivery,
}: IntegrationsDeps): Api<typeof routes> {
  return {
    async listIntegrations({ caller, query: { q } }) {
      const catalog = await catalogOf(caller);
      const connections = await connectionManager.list(caller);
      const found = q === undefined ? undefined : await catalog.search(q);
      const integrations = found?.integrations ?? [...catalog.integrations.values()];
      return {
        integrations: integrations.map((integration) => toIntegration(integration, connections)),
        ...(found
          ? { endpoints: found.endpoints.map((it) => ({ integration: it.integration, ...toSummary(it) })) }
          : {}),
        ...(found?.endpoints.length === 0 ? { hint: nothingFits } : {}),
      };
    },
    async getIntegration({ caller, face, params, query: { q } }) {
      const catalog = await catalogOf(caller);
      const integration = catalog.integration(params.integration);
      const { slug, endpoints } = integration;
      const connect = await waysToConnect(clients, integration);
      const found =
        q === undefined ? inListOrder(endpoints.values()) : await catalog.searchWithin(integration, q);
      return {
        integration: slug,
        endpoints: found.map(toSummary),
        connect,
        checked_on: integration.checkedOn,
        ...(found.length === 0
          ? { hint: nothingFitsIn(slug, face !== "mcp" && isCaller(caller) && maySendRaw(caller, slug)) }
          : {}),
      };
    },
    async getEndpoint({ caller, params }) {
      const catalog = await catalogOf(caller);
      const endpoint = catalog.endpoint(params.integration, params.endpoint);
      const {
        summary,
        method,
        path,
        effect,
        irreversible,
        target,
        untrusted,
        reaches,
        scopes,
        returns,
        views,
        notes,
        composite,
      } = endpoint;
      return {
        integration: endpoint.integration,
        endpoint: endpoint.name,
        ...toNames(endpoint, params.endpoint),
        summary,
        method,
        path,
        ...(composite && { calls: composite.steps.map(({ call }) => call) }),
        effect,
        irreversible,
        target,
        untrusted: [...untrusted],
        reaches,
        params: endpoint.params,
        example: endpoint.example.params,
        scopes,
        returns,
        views: views.readable ? { readable: viewPaths(views.readable) } : {},
        markdown: withoutMentions(notes, endpoint.integration, catalog.switchedOff(endpoint.integration)),
      };
    },
    async getEndpointPage({ caller, params }) {
      const catalog = await catalogOf(caller);
      const endpoint = catalog.endpoint(params.integration, params.endpoint);
      const body = endpointPage(endpoint, catalog.switchedOff(params.integration));
      return { body, headers: { "content-type": "text/markdown; charset=utf-8" } };
    },
    async downloadSkill({ caller, params }) {
      const catalog = await catalogOf(caller);
      const skill = catalog.integrations.has(params.slug)
        ? undefined
        : await delivery.find(caller, params.slug);
      if (skill) return toFolder(params.slug, await delivery.read(skill));
      const integration = catalog.integration(params.slug);
      const files = skillFiles(integration, catalog.switchedOff(integration.slug));
      return {
        slug: integration.slug,
        files: files.map(({ path, content }) => ({ file_path: path, content })),
      };
    },
  };
}

function toIntegration(
  { slug, name, description, category, auth, endpoints }: Integration,
  connections: ConnectionRow[],
): Listed["integrations"][number] {
  const own = connections.filter(({ integration }) => integration === slug);
  return {
    slug,
    name,
    description,
    category,
    auth: Object.keys(auth),
    connected: own.length > 0 || isOpenToAll({ auth }),
    connections: own.map(({ id, account, status }) => ({ id, account, status })),
    endpoints: endpoints.size,
  };
}

async function waysToConnect(clients: ProviderClients, integration: Integration) {
  const signIn = await findSignIn(clients, integration);
  const typed = Object.entries(integration.auth).filter(([, method]) => isTyped(method));
  const settingsOf = (method: string) => Object.keys(reachedBy(integration, method).settings);
  const bySignIn = signIn ? settingsOf(signIn.method) : [];
  const unchecked = signIn || typed.length > 0 ? uncheckedHint(integration) : undefined;
  const byTyping = typed.map(([method]) => settingsOf(method));
  return {
    sign_in: signIn !== undefined,
    credentials: typed.map(([, method]) => toFields(method)),
    settings: Object.entries(integration.settings)
      .filter(([, { from }]) => from !== "token")
      .map(([name, setting]) => ({
        ...toSetting(name, setting),
        sign_in: bySignIn.includes(name),
        credentials: byTyping.flatMap((names, i) => (names.includes(name) ? [i] : [])),
      })),
    ends: [...(signIn ? [signIn.method] : []), ...typed.map(([method]) => method)].flatMap((method) => {
      const end = endOf(integration, method);
      const place = typed.findIndex(([name]) => name === method);
      return end ? [{ ...end, credentials: place < 0 ? null : place }] : [];
    }),
    ...(unchecked && { hint: unchecked }),
  };
}

function toSetting(setting: string, { label, help, from, oneOf, default: usual }: Setting) {
  return {
    setting,
    label,
    help,
    required: from === "field" && usual === null,
    ...(oneOf && { one_of: [...oneOf] }),
    ...(usual !== null && { default: usual }),
  };
}

function toFields({ fields }: AuthMethod) {
  return Object.entries(fields).map(([field, described]) => ({ field, ...described }));
}

function toFolder(slug: string, files: SkillFile[]) {
  return { slug, directory: slug, files: files.map(toDownload) };
}

function toDownload({ path, bytes, executable }: SkillFile) {
  const isText = isUtf8(bytes);
  return {
    file_path: path,
    content: bytes.toString(isText ? "utf8" : "base64"),
    ...(isText ? {} : { encoding: "base64" as const }),
    ...(executable ? { executable } : {}),
  };
}

function toSummary({ name, resource, summary, method, effect, deprecated }: Endpoint) {
  return { name, resource, summary, method, effect, ...(deprecated && { deprecated: true as const }) };
}

function toNames(endpoint: Endpoint, calledAs: string) {
  const { formerly, deprecated } = endpoint;
  const renamed = renaming(endpoint, calledAs);
  const { on, instead } = deprecated ?? {};
  return {
    ...(formerly.length > 0 && { formerly: [...formerly] }),
    ...(deprecated && {
      deprecated: {
        message: deprecation(endpoint)!,
        on: on ?? null,
        ...(typeof instead === "string" && isName(instead) && { instead }),
      },
    }),
    ...(renamed !== undefined && { hint: { message: renamed } }),
  };
}

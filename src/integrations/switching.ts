import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { Principal } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { badRequest, type Issue, SkillettError } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";
import { namesOf, stepsOff } from "#integrations/off.js";
import type { IntegrationRows } from "#store/integration-rows.js";
import type { RouteRows } from "#store/route-rows.js";
import type { IntegrationKind, IntegrationRow, OffReason } from "#store/schema/integration-tables.js";

export interface IntegrationState {
  integration: Integration;
  kind: IntegrationKind;
  enabled: boolean;
  /** How many of its endpoints can be called while it is switched on. */
  endpointsOn: number;
}

/** `step`: a composite of which a step is off. */
export type WhyOff = OffReason | "step";

export interface IntegrationDetails extends Omit<IntegrationState, "endpointsOn"> {
  endpoints: { endpoint: Endpoint; offReason: WhyOff | null }[];
  /** Of an integration that the tenant brings. */
  row: IntegrationRow | undefined;
}

export interface SwitchRequest {
  enabled?: boolean | undefined;
  /** By name. */
  endpoints?: Readonly<Record<string, boolean>> | undefined;
}

/** Names that are compared with those that are known; more would take long where there are many. */
const maxSuggestions = 5;

/** Integrations of a tenant with what is switched off, as people see and switch them. Rights are checked before. */
export interface Switching {
  list(principal: Principal): Promise<IntegrationState[]>;
  /** @throws not_found for an integration that is not there, on or off */
  get(principal: Principal, slug: string): Promise<IntegrationDetails>;
  /** @throws bad_request with all names that are unknown; then nothing has changed */
  change(principal: Principal, slug: string, request: SwitchRequest): Promise<IntegrationDetails>;
  /**
   * Deletes one that the tenant brought, with its accounts. Answers how many there were.
   *
   * @throws conflict for one that ships
   */
  remove(principal: Principal, slug: string): Promise<number>;
}

interface Deps {
  catalogOf: CatalogOf;
  integrations: IntegrationRows;
  routes: RouteRows;
  clock: Clock;
}

export function createSwitching({ catalogOf, integrations, routes, clock }: Deps): Switching {
  async function details(tenantId: string, catalog: Catalog, slug: string): Promise<IntegrationDetails> {
    const integration = find(catalog, slug);
    const [row, off] = await Promise.all([integrations.get(tenantId, slug), routes.listOff(tenantId, slug)]);
    const reasons = new Map<string, WhyOff>(off.map((it) => [it.name, it.off_reason ?? "owner"]));
    const reasonOf = (endpoint: Endpoint) =>
      namesOf(endpoint)
        .map((name) => reasons.get(name))
        .find((reason) => reason !== undefined);
    const isOff = (endpoint: Endpoint) => reasonOf(endpoint) !== undefined;
    const whyOff = (endpoint: Endpoint): WhyOff | null =>
      reasonOf(endpoint) ?? (stepsOff(integration, endpoint, isOff).length > 0 ? "step" : null);
    return {
      integration,
      kind: row?.kind ?? "shipped",
      enabled: catalog.integrations.has(slug),
      endpoints: [
        ...[...integration.endpoints.values()].map((endpoint) => ({ endpoint, offReason: whyOff(endpoint) })),
        ...[...(integration.held?.values() ?? [])].map(({ endpoint, reason }) => ({
          endpoint,
          offReason: reason,
        })),
      ],
      row: row?.kind === "shipped" ? undefined : row,
    };
  }

  return {
    async list(principal) {
      const catalog = await catalogOf(principal);
      const rows = await integrations.list(principal.tenantId);
      const kinds = new Map(rows.map(({ slug, kind }) => [slug, kind]));
      return [...catalog.known.values()].map((integration) => {
        const on = catalog.integrations.get(integration.slug);
        return {
          integration,
          kind: kinds.get(integration.slug) ?? "shipped",
          enabled: on !== undefined,
          endpointsOn: on?.endpoints.size ?? 0,
        };
      });
    },
    get: async (principal, slug) => details(principal.tenantId, await catalogOf(principal), slug),
    async change(principal, slug, { enabled, endpoints = {} }) {
      const { tenantId, profileId } = principal;
      const meant = endpointsMeant(find(await catalogOf(principal), slug), endpoints);
      const switches = { enabled, endpoints: meant };
      await integrations.switch({ tenant_id: tenantId, slug }, switches, { profileId, now: clock() });
      return details(tenantId, await catalogOf({ tenantId }), slug);
    },
    async remove({ tenantId }, slug) {
      const row = await integrations.get(tenantId, slug);
      if (row && row.kind !== "shipped") return integrations.remove({ tenant_id: tenantId, slug });
      find(await catalogOf({ tenantId }), slug);
      throw new SkillettError("conflict", {
        message: `${slug} comes with this server, and cannot be removed. It can be switched off.`,
        next: [`skillett integrations disable ${slug}`],
      });
    },
  };
}

function find({ known }: Catalog, slug: string): Integration {
  const found = known.get(slug);
  if (found) return found;
  throw new SkillettError("not_found", {
    message: `Integration ${slug} not found.${didYouMean(slug, known.keys())}`,
    next: ["skillett integrations list"],
  });
}

/** By all names that each of the endpoints has or had. @throws bad_request with all names that none has */
function endpointsMeant(
  { slug, endpoints: known }: Integration,
  requested: Readonly<Record<string, boolean>>,
): Map<string, boolean> {
  const former = new Map([...known.values()].flatMap((it) => it.formerly.map((name) => [name, it] as const)));
  const meant = new Map<string, boolean>();
  const unknown: string[] = [];
  for (const [name, isOn] of Object.entries(requested)) {
    const endpoint = known.get(name) ?? former.get(name);
    if (!endpoint) unknown.push(name);
    else if (isOn) for (const each of namesOf(endpoint)) meant.set(each, true);
    else meant.set(endpoint.name, false);
  }
  const issues = unknown.map((name, place): Issue => {
    const near = place < maxSuggestions ? didYouMean(name, known.keys()) : "";
    return { at: `endpoints.${name}`, message: `${slug} has no such endpoint.${near}` };
  });
  if (issues.length > 0) throw badRequest(issues, { next: [`skillett integrations list ${slug}`] });
  return meant;
}

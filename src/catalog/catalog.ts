import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import { linearPatterns } from "#catalog/linear-pattern.js";
import { findEndpoint } from "#catalog/names.js";
import type { AuthProvider } from "#catalog/provider.js";
import type { FilesByHandle } from "#catalog/request/files.js";
import { createPlanner, type Planner } from "#catalog/request/plan.js";
import { createParamReader, type ParamReader } from "#catalog/request/read-params.js";
import type { Values } from "#catalog/request/values.js";
import { createSearch, type SearchResult, type Visible } from "#catalog/search.js";
import { endpointHeld, endpointOff, integrationOff } from "#catalog/switched-off.js";
import type { Principal } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import { didYouMean, nearest } from "#core/suggest.js";

/** The integrations that there are for somebody, or on this server. */
export interface Catalog {
  /** By slug. */
  integrations: ReadonlyMap<string, Integration>;
  /** With those that are switched off, and the endpoints that are. */
  known: ReadonlyMap<string, Integration>;
  /** Names of the endpoints of an integration that are switched off. */
  switchedOff(slug: string): ReadonlySet<string>;
  /** Sign-in providers by slug; a provider may serve no integration. */
  providers: ReadonlyMap<string, AuthProvider>;
  /** @throws not_found, naming the nearest slug, or that it is switched off */
  integration(slug: string): Integration;
  /** @throws not_found, naming the nearest slug */
  provider(slug: string): AuthProvider;
  /**
   * The endpoint that has this name, or once had it.
   *
   * @throws not_found, naming the nearest endpoint, or that it is switched off
   */
  endpoint(slug: string, name: string): Endpoint;
  /** The request for a call, without a credential. @throws bad_request with everything wrong with the params */
  plan(endpoint: Endpoint, params: unknown, files?: FilesByHandle): RequestPlan;
  /** The params of a call to a composite. @throws bad_request with everything wrong with them */
  readParams(composite: Endpoint, params: unknown): Values;
  /** Makes the index that questions are answered from, letting others run meanwhile; else the first one does. */
  prepareSearch(): Promise<void>;
  /** Integrations and endpoints that match the words, best first; of those that are visible, where these are given. */
  search(query: string, visible?: Visible): Promise<SearchResult>;
  /** Endpoints of one integration that fit the words, best first. */
  searchWithin(integration: Integration, query: string, visible?: Visible): Promise<Endpoint[]>;
}

/** Somebody in a tenant, or the tenant alone, as rows name it: then the version is read first. */
export type CatalogOwner = Principal | { tenantId: string; catalogVersion?: number };

/** The catalogue of a tenant, with every change that was made before. A request asks for it once. */
export type CatalogOf = (owner: CatalogOwner) => Promise<Catalog>;

/** How a catalogue that is made of another differs from it. */
interface MadeOf {
  /** Endpoints that it has of this one are prepared there. */
  base: Catalog;
  /** As of `Catalog`. */
  known: ReadonlyMap<string, Integration>;
}

export function createCatalog(
  integrations: ReadonlyMap<string, Integration>,
  providers: ReadonlyMap<string, AuthProvider>,
  { base, known = integrations }: Partial<MadeOf> = {},
): Catalog {
  const planners = new Map<Endpoint, Planner>();
  const readers = new Map<Endpoint, ParamReader>();
  const compileSchema = createSchemaCompiler({ regExp: linearPatterns });
  const searcher = createSearch(integrations);

  function integration(slug: string): Integration {
    const found = integrations.get(slug);
    if (found) return found;
    if (known.has(slug)) throw integrationOff(slug);
    const meant = integrationsLike(slug);
    throw new SkillettError("not_found", {
      message: `Integration ${slug} not found.${meant.length > 0 ? ` Did you mean ${meant.join(" or ")}?` : ""}`,
      next: ["skillett skills"],
    });
  }

  /** By spelling, else by a part of the slug (`calendar`), else by the text of its endpoints (`email`). */
  function integrationsLike(word: string): string[] {
    const near = nearest(word, integrations.keys());
    if (near !== undefined) return [near];
    const slugs = [...integrations.keys()].filter((slug) => slug.split("-").includes(word.toLowerCase()));
    if (slugs.length > 0) return slugs.slice(0, 3);
    return searcher
      .integrationsLike(word.replace(/[-_]/g, " "))
      .slice(0, 3)
      .map(({ slug }) => slug);
  }

  function planner(endpoint: Endpoint): Planner {
    const known = planners.get(endpoint);
    if (known) return known;
    const made = createPlanner(integration(endpoint.integration), endpoint, compileSchema(endpoint.params));
    planners.set(endpoint, made);
    return made;
  }

  function reader(composite: Endpoint): ParamReader {
    const known = readers.get(composite);
    if (known) return known;
    const made = createParamReader(composite.params, compileSchema(composite.params));
    readers.set(composite, made);
    return made;
  }

  /** The catalogue that prepares the endpoint. */
  const ownerOf = (endpoint: Endpoint) =>
    base?.integrations.get(endpoint.integration)?.endpoints.get(endpoint.name) === endpoint
      ? base
      : undefined;

  return {
    integrations,
    known,
    switchedOff(slug) {
      const on = integrations.get(slug)?.endpoints;
      return new Set([...(known.get(slug)?.endpoints.keys() ?? [])].filter((name) => !on?.has(name)));
    },
    providers,
    integration,
    provider(slug) {
      const found = providers.get(slug);
      if (found) return found;
      throw new SkillettError("not_found", {
        message: `Provider ${slug} not found.${didYouMean(slug, providers.keys())}`,
      });
    },
    endpoint(slug, name) {
      const { endpoints } = integration(slug);
      const found = findEndpoint(endpoints, name);
      if (found) return found;
      const off = findEndpoint(known.get(slug)?.endpoints ?? new Map(), name);
      if (off) throw endpointOff(off, endpoints);
      const held = known.get(slug)?.held?.get(name);
      if (held) throw endpointHeld(held);
      throw new SkillettError("not_found", {
        message: `Endpoint ${slug} ${name} not found.${didYouMean(name, endpoints.keys())}`,
        next: [`skillett skills ${slug}`],
      });
    },
    plan: (endpoint, params, files) =>
      ownerOf(endpoint)?.plan(endpoint, params, files) ?? planner(endpoint)(params, files),
    readParams: (composite, params) =>
      ownerOf(composite)?.readParams(composite, params) ?? reader(composite)(params),
    prepareSearch: searcher.prepare,
    ...(base && isPart(base, known)
      ? searchPart(base, integrations)
      : { search: searcher.search, searchWithin: searcher.searchWithin }),
  };
}

/** Has it nothing beside what the other has? */
const isPart = (base: Catalog, known: Catalog["known"]) =>
  [...known].every(([slug, it]) => base.integrations.get(slug) === it);

/** An index takes megabytes: tenants that only switch something off share that of the shared catalogue. */
function searchPart(base: Catalog, visible: Visible): Pick<Catalog, "search" | "searchWithin"> {
  return {
    async search(query) {
      const { integrations, endpoints } = await base.search(query, visible);
      return { integrations: integrations.map(({ slug }) => visible.get(slug)!), endpoints };
    },
    searchWithin: (integration, query) => base.searchWithin(integration, query, visible),
  };
}

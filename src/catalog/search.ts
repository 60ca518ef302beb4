import type { Endpoint, Integration } from "#catalog/integration.js";
import { createAskIndex } from "#search/ask-index.js";
import type { Askable } from "#search/askables.js";
import { otherServices } from "#search/other-services.js";
import { isOwn, termsOf } from "#search/terms.js";
import { createTextIndex } from "#search/text-index.js";
import { wordsOf } from "#search/words.js";

export interface SearchResult {
  integrations: Integration[];
  /** None when nothing fits, and ten at most. */
  endpoints: Endpoint[];
}

export interface CatalogSearch {
  /** Integrations and endpoints that fit a question in plain words, best first. */
  search(question: string): Promise<SearchResult>;
  /** Endpoints of one integration that fit a question, best first; none when nothing fits, and ten at most. */
  searchWithin(integration: Integration, question: string): Promise<Endpoint[]>;
  /** Integrations whose name or description has the query, or words like it. */
  integrationsLike(query: string): Integration[];
}

const maxEndpoints = 10;
/** Less of a question than this is covered by chance. */
const minCoverage = 0.35;
/** A job that there is no endpoint for must fit so much better than the best endpoint. */
const lackLead = 1.05;
/** An endpoint counts so much less when the question is about another service. */
const otherService = 0.4;

/** A search over integrations and endpoints. The indexes are made at the first question. */
export function createSearch(integrations: ReadonlyMap<string, Integration>): CatalogSearch {
  const all = [...integrations.values()];
  const usual = all.filter(({ search }) => !search.onlyWhenNamed);
  const others = all.filter(({ search }) => search.onlyWhenNamed);
  const isAbout = createHints(all);
  let byName: ReturnType<typeof indexByName> | undefined;
  let endpointsOfUsual: ReturnType<typeof createEndpointSearch> | undefined;
  let endpointsOfAll: ReturnType<typeof createEndpointSearch> | undefined;
  const findEndpoints = async (question: string, within?: Integration) => {
    // Endpoints that nobody names take no part, so that they change nothing about the order of the rest.
    if (within ? others.includes(within) : others.some(isAbout(question))) {
      endpointsOfAll ??= createEndpointSearch(all, isAbout);
      return (await endpointsOfAll)(question, within);
    }
    endpointsOfUsual ??= createEndpointSearch(usual, isAbout);
    return (await endpointsOfUsual)(question, within);
  };
  const integrationsLike = (query: string) => {
    byName ??= indexByName(all);
    const isNamed = isAbout(query);
    return byName.search(query).filter((it) => usual.includes(it) || isNamed(it));
  };
  return {
    async search(question) {
      return { integrations: integrationsLike(question), endpoints: await findEndpoints(question) };
    },
    searchWithin: (integration, question) => findEndpoints(question, integration),
    integrationsLike,
  };
}

function indexByName(integrations: readonly Integration[]) {
  const fields = {
    name: { boost: 3, length: 3 },
    about: { boost: 1.5, length: 10 },
    place: { boost: 1, length: 2 },
  };
  const index = createTextIndex<Integration>(fields, { synonyms: false });
  for (const integration of integrations) {
    const { slug, name, description, category } = integration;
    index.put(slug, integration, { name: `${slug} ${name}`, about: description, place: category });
  }
  return index;
}

/** Something to find: an endpoint, or a job of a service for which there is none. */
interface Candidate {
  integration: Integration;
  endpoint: Endpoint | null;
  askable: Askable;
}

async function createEndpointSearch(integrations: readonly Integration[], isAbout: IsAbout) {
  // Loaded on demand: few programs search.
  const { englishWords } = await import("#search/english.js");
  const candidates = integrations.flatMap((integration) => [
    ...[...integration.endpoints.values()].map((endpoint) => endpointCandidate(integration, endpoint)),
    ...integration.search.lacks.map((ask) => lackCandidate(integration, ask)),
  ]);
  const index = await createAskIndex(candidates.map(({ askable }) => askable));
  const names = integrations.map(({ name }) => name.toLowerCase());
  const elsewhere = otherServices.filter((it) => !names.includes(it)).map(wordsOf);

  const isWord = (word: string) => englishWords.has(word);

  return (question: string, within?: Integration): Endpoint[] => {
    const about = within ? [within] : integrations.filter(isAbout(question));
    if (about.length === 0 && hasPhrase(question, elsewhere)) return [];
    const scaleOf = (position: number) => {
      if (about.length === 0 || about.includes(candidates[position]!.integration)) return 1;
      return within ? 0 : otherService;
    };
    const fits = index.rank(question, isWord, scaleOf);
    const best = fits.find(({ position }) => candidates[position]!.endpoint);
    if (!best || best.coverage < minCoverage || fits[0]!.score > lackLead * best.score) return [];
    return fits.flatMap(({ position }) => candidates[position]!.endpoint ?? []).slice(0, maxEndpoints);
  };
}

function hasPhrase(question: string, phrases: readonly string[][]): boolean {
  const asked = wordsOf(question);
  return phrases.some((phrase) =>
    asked.some((_, from) => phrase.every((word, at) => asked[from + at] === word)),
  );
}

function endpointCandidate(integration: Integration, endpoint: Endpoint): Candidate {
  const { name, summary, resource, asks } = endpoint;
  const texts = [
    { text: name.replaceAll("_", " "), boost: 3, length: 3 },
    { text: summary, boost: 1.5, length: 10 },
    { text: `${integration.name} ${resource}`, boost: 1, length: 3 },
  ];
  return {
    integration,
    endpoint,
    askable: { texts, asks: [summary, ...asks], verb: name.split("_")[0]! },
  };
}

function lackCandidate(integration: Integration, ask: string): Candidate {
  const texts = [
    { text: ask, boost: 4.5, length: 6 },
    { text: integration.name, boost: 1, length: 3 },
  ];
  return { integration, endpoint: null, askable: { texts, asks: [ask], verb: ask.split(" ")[0]! } };
}

/** Whether a question shows that it is about an integration. */
type IsAbout = (question: string) => (integration: Integration) => boolean;

/** By its name, its things, or their shape. */
function createHints(integrations: readonly Integration[]): IsAbout {
  const hints = new Map(
    integrations.map((integration) => {
      const { slug, name, search } = integration;
      const named = [name, slug, ...search.words].map((it) =>
        termsOf(it)
          .filter(isOwn)
          .map(({ key }) => key),
      );
      const shaped = search.shapes.map((shape) => [`:${shape}`]);
      return [integration, [...named, ...shaped].filter(({ length }) => length > 0)];
    }),
  );
  return (question: string) => {
    const keys = new Set(termsOf(question).map(({ key }) => key));
    return (integration: Integration) =>
      hints.get(integration)!.some((hint) => hint.every((key) => keys.has(key)));
  };
}

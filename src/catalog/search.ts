import type { Endpoint, Integration } from "#catalog/integration.js";
import { createAskIndex } from "#search/ask-index.js";
import type { Askable } from "#search/askables.js";
import { otherServices } from "#search/other-services.js";
import { isOwn, type Term, termsOf } from "#search/terms.js";
import { createTextIndex } from "#search/text-index.js";
import { wordsOf } from "#search/words.js";

export interface SearchResult {
  integrations: Integration[];
  /** None when nothing fits, and ten at most. */
  endpoints: Endpoint[];
}

export interface CatalogSearch {
  /** Makes the indexes, letting others run meanwhile; else the first question does, and waits. */
  prepare(): Promise<void>;
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

/** A search over integrations and endpoints. A question that comes while the indexes are made waits for them. */
export function createSearch(integrations: ReadonlyMap<string, Integration>): CatalogSearch {
  const all = [...integrations.values()];
  let byName: ReturnType<typeof indexByName> | undefined;
  let endpoints: ReturnType<typeof createEndpointSearch> | undefined;
  const prepareEndpoints = () => {
    endpoints ??= createEndpointSearch(all);
    return endpoints;
  };
  const findEndpoints = async (question: string, within?: Integration) =>
    (await prepareEndpoints())(question, within);
  const integrationsLike = (query: string) => {
    byName ??= indexByName(all);
    return byName.search(query);
  };
  return {
    async prepare() {
      await prepareEndpoints();
    },
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

async function createEndpointSearch(integrations: readonly Integration[]) {
  // Loaded on demand: a start need not wait for it.
  const { englishWords } = await import("#search/english.js");
  const candidates = integrations.flatMap((integration) => [
    ...[...integration.endpoints.values()].map((endpoint) => endpointCandidate(integration, endpoint)),
    ...integration.search.lacks.map((ask) => lackCandidate(integration, ask)),
  ]);
  const index = await createAskIndex(candidates.map(({ askable }) => askable));
  const { isWord: isHint, about: hinted } = createHints(integrations);
  const names = new Set(integrations.map(({ name }) => name.toLowerCase()));
  const namesOther = createPhrases(otherServices.filter((it) => !names.has(it)).map(wordsOf));
  const isWord = (word: string) => englishWords.has(word) || isHint(word);

  return (question: string, within?: Integration): Endpoint[] => {
    const asked = index.read(question, isWord);
    const about = new Set(within ? [within] : hinted(asked));
    if (about.size === 0 && namesOther(wordsOf(question))) return [];
    const scaleOf = (position: number) => {
      if (about.size === 0 || about.has(candidates[position]!.integration)) return 1;
      return within ? 0 : otherService;
    };
    const fits = index.rank(asked, scaleOf);
    const best = fits.find(({ position }) => candidates[position]!.endpoint);
    if (!best || best.coverage < minCoverage || fits[0]!.score > lackLead * best.score) return [];
    return fits.flatMap(({ position }) => candidates[position]!.endpoint ?? []).slice(0, maxEndpoints);
  };
}

/** Says whether words have one of these phrases. */
function createPhrases(phrases: readonly string[][]): (asked: readonly string[]) => boolean {
  const byFirst = new Map<string, string[][]>();
  for (const phrase of phrases) byFirst.set(phrase[0]!, [...(byFirst.get(phrase[0]!) ?? []), phrase]);
  return (asked) =>
    asked.some((word, from) =>
      byFirst.get(word)?.some((phrase) => phrase.every((it, at) => asked[from + at] === it)),
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

interface Hints {
  /** Is it a word of one of them? */
  isWord(word: string): boolean;
  /** The integrations that a question shows that it is about: by their name, their things, or the shape of these. */
  about(question: readonly Term[]): Integration[];
}

function createHints(integrations: readonly Integration[]): Hints {
  const known = new Set<string>();
  const byFirst = new Map<string, { keys: string[]; integration: Integration }[]>();
  for (const integration of integrations) {
    const { slug, name, search } = integration;
    const named = [name, slug, ...search.words];
    for (const word of named.flatMap(wordsOf)) known.add(word);
    const hints = [...named.map(ownKeys), ...search.shapes.map((shape) => [`:${shape}`])];
    for (const keys of hints.filter(({ length }) => length > 0))
      byFirst.set(keys[0]!, [...(byFirst.get(keys[0]!) ?? []), { keys, integration }]);
  }
  return {
    isWord: (word) => known.has(word),
    about(question) {
      const asked = new Set(question.map(({ key }) => key));
      return [...asked].flatMap((first) =>
        (byFirst.get(first) ?? [])
          .filter(({ keys }) => keys.every((key) => asked.has(key)))
          .map(({ integration }) => integration),
      );
    },
  };
}

const ownKeys = (text: string) =>
  termsOf(text)
    .filter(isOwn)
    .map(({ key }) => key);

import type { Endpoint, Integration } from "#catalog/integration.js";
import { createAskIndex } from "#search/ask-index.js";
import type { Askable } from "#search/askables.js";
import { createContained } from "#search/contained.js";
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
/** Less of a question than this is covered by chance; a question that shows which service it is about may say more besides. */
const minCoverage = { anywhere: 0.35, about: 0.3 };
/**
 * So much of the score of the best endpoint has a job that there is none for, if that is asked for: by each of its
 * words, or by some.
 */
const minLack = { whole: 0.75, partial: 1.2 };
/** An endpoint counts so much less when the question is about another service. */
const otherService = 0.4;

/** A search over integrations and endpoints. A question that comes while the indexes are made waits for them. */
export function createSearch(integrations: ReadonlyMap<string, Integration>): CatalogSearch {
  const all = [...integrations.values()];
  const byName = once(() => indexByName(all));
  // Integrations that are found only when they are named have an index of their own: other questions do not feel them.
  const onlyNamed = all.filter(({ search }) => search.onlyWhenNamed);
  const searchOnlyNamed = once(() => createEndpointSearch(onlyNamed));
  const searchUsual = once(() => createEndpointSearch(all.filter((it) => !onlyNamed.includes(it))));
  const { about: named } = createHints(onlyNamed);
  const findEndpoints = async (question: string) => {
    const slugs = new Set([...named(termsOf(question)).about].map(({ slug }) => slug));
    const found = slugs.size > 0 ? (await searchOnlyNamed())(question) : [];
    const own = found.filter(({ integration }) => slugs.has(integration));
    return own.length > 0 ? own : (await searchUsual())(question);
  };
  const integrationsLike = (query: string) => {
    const { about } = named(termsOf(query));
    return byName()
      .search(query)
      .filter((it) => !it.search.onlyWhenNamed || about.has(it));
  };
  return {
    async prepare() {
      await Promise.all([searchUsual(), searchOnlyNamed()]);
    },
    async search(question) {
      return { integrations: integrationsLike(question), endpoints: await findEndpoints(question) };
    },
    async searchWithin(integration, question) {
      const search = integration.search.onlyWhenNamed ? searchOnlyNamed() : searchUsual();
      return (await search)(question, integration);
    },
    integrationsLike,
  };
}

/** Makes something when it is asked for, and gives the same from then on. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
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
  /** Of a job: whether a question has each of its words. */
  isWhole?: (keys: ReadonlySet<string>) => boolean;
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
    const { about, isNamed } = within ? { about: new Set([within]), isNamed: true } : hinted(asked);
    if (!isNamed && namesOther(wordsOf(question))) return [];
    const scaleOf = (position: number) => {
      if (about.size === 0 || about.has(candidates[position]!.integration)) return 1;
      return within ? 0 : otherService;
    };
    const fits = index.rank(asked, scaleOf);
    const best = fits.find(({ position }) => candidates[position]!.endpoint);
    if (!best || best.coverage < minCoverage[about.size > 0 ? "about" : "anywhere"]) return [];
    const keys = new Set(asked.map(({ key }) => key));
    const isLacking = fits.some(({ position, score }) => {
      const { endpoint, isWhole } = candidates[position]!;
      return !endpoint && score > best.score * minLack[isWhole!(keys) ? "whole" : "partial"];
    });
    if (isLacking) return [];
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
  const askable = { texts, asks: [ask], verb: ask.split(" ")[0]! };
  return { integration, endpoint: null, askable, isWhole: createContained(ask) };
}

interface Hints {
  /** Is it a word of one of them? */
  isWord(word: string): boolean;
  about(question: readonly Term[]): {
    /** The integrations that a question shows that it is about: by their name, their things, or the shape of these. */
    about: Set<Integration>;
    /** One of them by its name. */
    isNamed: boolean;
  };
}

function createHints(integrations: readonly Integration[]): Hints {
  const known = new Set<string>();
  const byFirst = new Map<string, { keys: string[]; integration: Integration; isName: boolean }[]>();
  const add = (keys: string[], integration: Integration, isName = false) => {
    const [first] = keys;
    if (first !== undefined)
      byFirst.set(first, [...(byFirst.get(first) ?? []), { keys, integration, isName }]);
  };
  for (const integration of integrations) {
    const { slug, name, search } = integration;
    for (const word of [name, slug, ...search.words].flatMap(wordsOf)) known.add(word);
    for (const own of [name, slug]) add(ownKeys(own), integration, true);
    for (const thing of search.words) add(ownKeys(thing), integration);
    for (const shape of search.shapes) add([`:${shape}`], integration);
  }
  return {
    isWord: (word) => known.has(word),
    about(question) {
      const asked = new Set(question.map(({ key }) => key));
      const hints = [...asked].flatMap((first) =>
        (byFirst.get(first) ?? []).filter(({ keys }) => keys.every((key) => asked.has(key))),
      );
      return {
        about: new Set(hints.map(({ integration }) => integration)),
        isNamed: hints.some(({ isName }) => isName),
      };
    },
  };
}

const ownKeys = (text: string) =>
  termsOf(text)
    .filter(isOwn)
    .map(({ key }) => key);

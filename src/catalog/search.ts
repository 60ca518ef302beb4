import { setImmediate as nextTurn } from "node:timers/promises";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { createAskIndex } from "#search/ask-index.js";
import type { Askable } from "#search/askables.js";
import { createContained } from "#search/contained.js";
import { otherJobs } from "#search/other-jobs.js";
import { otherServices } from "#search/other-services.js";
import { isOwn, type Term, termsOf } from "#search/terms.js";
import { createTextIndex } from "#search/text-index.js";
import { wordsOf } from "#search/words.js";

export interface SearchResult {
  integrations: Integration[];
  /** None when nothing fits, and ten at most. */
  endpoints: Endpoint[];
}

/** Those that may be found, by slug, with the endpoints that may be; all, where it is left out. */
export type Visible = ReadonlyMap<string, Integration>;

export interface CatalogSearch {
  /** Makes the indexes, letting others run meanwhile; else the first question does, and waits. */
  prepare(): Promise<void>;
  /** Integrations and endpoints that fit a question in plain words, best first. */
  search(question: string, visible?: Visible): Promise<SearchResult>;
  /** Endpoints of one integration that fit a question, best first; none when nothing fits, and ten at most. */
  searchWithin(integration: Integration, question: string, visible?: Visible): Promise<Endpoint[]>;
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
/** A deprecated one counts so much less, so that what fits equally stands before it. */
const deprecatedOne = 0.9;

/** A search over integrations and endpoints. A question that comes while the indexes are made waits for them. */
export function createSearch(integrations: ReadonlyMap<string, Integration>): CatalogSearch {
  const all = [...integrations.values()];
  const byName = once(() => indexByName(all));
  // Integrations that are found only when they are named have an index of their own: other questions do not feel them.
  const onlyNamed = all.filter(({ search }) => search.onlyWhenNamed);
  const searchOnlyNamed = once(() => createEndpointSearch(onlyNamed));
  const searchUsual = once(() => createEndpointSearch(all.filter((it) => !onlyNamed.includes(it))));
  const hints = once(() => createHints(all));
  const aboutOf = (question: string) => hints().about(termsOf(question)).about;
  const findEndpoints = async (question: string, about: ReadonlySet<Integration>, visible?: Visible) => {
    const named = onlyNamed.filter((it) => about.has(it)).map(({ slug }) => slug);
    const found = named.length > 0 ? (await searchOnlyNamed())(question, { visible }) : [];
    const own = found.filter(({ integration }) => named.includes(integration));
    return own.length > 0 ? own : (await searchUsual())(question, { visible });
  };
  const findIntegrations = (query: string, about: ReadonlySet<Integration>) =>
    byName()
      .search(query)
      .filter((it) => !it.search.onlyWhenNamed || about.has(it));
  return {
    async prepare() {
      await Promise.all([searchUsual(), searchOnlyNamed()]);
    },
    async search(question, visible) {
      const about = aboutOf(question);
      const endpoints = await findEndpoints(question, about, visible);
      const integrations = findIntegrations(question, about).filter((it) => visible?.has(it.slug) ?? true);
      // A word is a name or a topic. In a question that nothing fits, one that a description has says nothing.
      if (endpoints.length > 0 || wordsOf(question).length === 1) return { integrations, endpoints };
      return { integrations: integrations.filter((it) => about.has(it)), endpoints };
    },
    async searchWithin({ slug, search: { onlyWhenNamed } }, question, visible) {
      const search = onlyWhenNamed ? searchOnlyNamed() : searchUsual();
      return (await search)(question, { within: integrations.get(slug), visible });
    },
    integrationsLike: (query) => findIntegrations(query, aboutOf(query)),
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
  /** Null for a job that is of none. */
  integration: Integration | null;
  endpoint: Endpoint | null;
  askable: Askable;
  /** Of a job: whether a question has each of its words. */
  isWhole?: (keys: ReadonlySet<string>) => boolean;
}

/** Of a search for endpoints. */
interface Bounds {
  within?: Integration | undefined;
  visible: Visible | undefined;
}

function isVisible(visible: Visible, { slug }: Integration, endpoint: Endpoint | null): boolean {
  const shown = visible.get(slug);
  return shown !== undefined && (endpoint === null || shown.endpoints.has(endpoint.name));
}

async function createEndpointSearch(integrations: readonly Integration[]) {
  // Loaded on demand: a start need not wait for it.
  const { englishWords } = await import("#search/english.js");
  await nextTurn();
  const candidates = integrations.flatMap((integration) => [
    ...[...integration.endpoints.values()].map((endpoint) => endpointCandidate(integration, endpoint)),
    ...integration.search.lacks.map((ask) => lackCandidate(integration, ask)),
  ]);
  candidates.push(...otherJobs.map((ask) => lackCandidate(null, ask)));
  await nextTurn();
  const index = await createAskIndex(candidates.map(({ askable }) => askable));
  const { isWord: isHint, about: hinted } = createHints(integrations);
  const names = new Set(integrations.map(({ name }) => name.toLowerCase()));
  const isElsewhere = createElsewhere(otherServices.filter((it) => !names.has(it)));
  const isWord = (word: string) => englishWords.has(word) || isHint(word);

  return (question: string, { within, visible }: Bounds): Endpoint[] => {
    const asked = index.read(question, isWord);
    const { about, isNamed } = within ? { about: new Set([within]), isNamed: true } : hinted(asked);
    if (!isNamed && isElsewhere(wordsOf(question), about.size > 0)) return [];
    const scaleOf = (position: number) => {
      const { integration, endpoint } = candidates[position]!;
      if (visible && integration && !isVisible(visible, integration, endpoint)) return 0;
      const usual = endpoint?.deprecated ? deprecatedOne : 1;
      if (about.size === 0 || about.has(integration!)) return usual;
      return within ? 0 : otherService * usual;
    };
    const fits = index.rank(asked, scaleOf);
    const best = fits.find(({ position }) => candidates[position]!.endpoint);
    if (!best || best.coverage < minCoverage[about.size > 0 ? "about" : "anywhere"]) return [];
    const keys = new Set(asked.map(({ key }) => key));
    const isLacking = fits.some(({ position, score }) => {
      const { endpoint, integration, isWhole } = candidates[position]!;
      if (endpoint || score <= best.score * minLack.whole) return false;
      // Another service may do it.
      const isOurs = integration === candidates[best.position]!.integration;
      return score > best.score * minLack.partial || (isOurs && isWhole!(keys));
    });
    if (isLacking) return [];
    return fits.flatMap(({ position }) => candidates[position]!.endpoint ?? []).slice(0, maxEndpoints);
  };
}

/** Words before the name of a product that make it the place of a job: "in GitLab", but not "mail about GitLab". */
const placing = new Set(["in", "on", "into", "onto", "to", "at", "via", "through", "using", "my", "our"]);

/**
 * Says whether a job is one of another product: the product is named, as the place of it where there are things of ours
 * in the question as well.
 */
function createElsewhere(
  products: readonly string[],
): (asked: readonly string[], isOurs: boolean) => boolean {
  const byFirst = new Map<string, string[][]>();
  for (const name of products.map(wordsOf)) byFirst.set(name[0]!, [...(byFirst.get(name[0]!) ?? []), name]);
  return (asked, isOurs) =>
    asked.some(
      (word, from) =>
        (!isOurs || placing.has(asked[from - 1] ?? "")) &&
        byFirst.get(word)?.some((name) => name.every((it, at) => asked[from + at] === it)),
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

function lackCandidate(integration: Integration | null, ask: string): Candidate {
  const texts = [
    { text: ask, boost: 4.5, length: 6 },
    ...(integration ? [{ text: integration.name, boost: 1, length: 3 }] : []),
  ];
  const askable = { texts, asks: [ask], verb: ask.split(" ")[0]! };
  let isContained: ReturnType<typeof createContained> | undefined;
  return {
    integration,
    endpoint: null,
    askable,
    // Made when it is asked for the first time: there are thousands, and few of them come so near to a question.
    isWhole(keys) {
      isContained ??= createContained(ask);
      return isContained(keys);
    },
  };
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

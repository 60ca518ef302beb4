import MiniSearch from "minisearch";
import type { Endpoint, Integration } from "#catalog/integration.js";

export interface SearchResult {
  integrations: Integration[];
  endpoints: Endpoint[];
}

interface Entry {
  id: string;
  name: string;
  about: string;
  place: string;
}

/** A search over integrations and endpoints. The index is built at the first question. */
export function createSearch(
  integrations: ReadonlyMap<string, Integration>,
): (words: string) => SearchResult {
  let index: ReturnType<typeof buildIndex> | undefined;
  return (words) => {
    index ??= buildIndex(integrations);
    return index(words);
  };
}

function buildIndex(integrations: ReadonlyMap<string, Integration>): (words: string) => SearchResult {
  const found = new Map<string, Integration | Endpoint>();
  const index = new MiniSearch<Entry>({
    fields: ["name", "about", "place"],
    searchOptions: {
      boost: { name: 3, about: 1.5 },
      prefix: true,
      fuzzy: (term) => (term.length > 3 ? 0.2 : false),
    },
  });
  for (const integration of integrations.values()) {
    found.set(integration.slug, integration);
    index.add(integrationEntry(integration));
    for (const endpoint of integration.endpoints.values()) {
      const entry = endpointEntry(endpoint);
      found.set(entry.id, endpoint);
      index.add(entry);
    }
  }
  return (words) => {
    const some = index.search(words).map(({ id }) => found.get(id)!);
    const all = index.search(words, { combineWith: "AND" }).map(({ id }) => found.get(id)!);
    return {
      integrations: firstFound(all.filter(isIntegration), some.filter(isIntegration)),
      endpoints: firstFound(all.filter(isEndpoint), some.filter(isEndpoint)),
    };
  };
}

/** What fits all words, or else what fits some of them. */
const firstFound = <T>(all: T[], some: T[]): T[] => (all.length > 0 ? all : some);
const isIntegration = (hit: Integration | Endpoint) => "slug" in hit;
const isEndpoint = (hit: Integration | Endpoint) => "summary" in hit;

function integrationEntry({ slug, name, description, category }: Integration): Entry {
  return { id: slug, name: `${slug} ${name}`, about: description, place: category };
}

function endpointEntry({ integration, name, summary, resource }: Endpoint): Entry {
  return {
    id: `${integration}/${name}`,
    name: name.replaceAll("_", " "),
    about: summary,
    place: `${integration} ${resource.replaceAll("_", " ")}`,
  };
}

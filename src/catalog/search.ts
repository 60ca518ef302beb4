import type { Endpoint, Integration } from "#catalog/integration.js";
import { createTextIndex } from "#catalog/text-index.js";

export interface SearchResult {
  integrations: Integration[];
  endpoints: Endpoint[];
}

type Found = Integration | Endpoint;

const fields = {
  name: { boost: 3, length: 3 },
  about: { boost: 1.5, length: 10 },
  place: { boost: 1, length: 2 },
};

/** A search over integrations and endpoints. The index is built at the first question. */
export function createSearch(
  integrations: ReadonlyMap<string, Integration>,
): (query: string) => SearchResult {
  let index: ReturnType<typeof buildIndex> | undefined;
  return (query) => {
    index ??= buildIndex(integrations);
    return {
      integrations: index.search(query, isIntegration) as Integration[],
      endpoints: index.search(query, (it) => !isIntegration(it)) as Endpoint[],
    };
  };
}

function buildIndex(integrations: ReadonlyMap<string, Integration>) {
  const index = createTextIndex<Found>(fields);
  for (const integration of integrations.values()) {
    index.put(integration.slug, integration, integrationTexts(integration));
    for (const endpoint of integration.endpoints.values())
      index.put(`${endpoint.integration}/${endpoint.name}`, endpoint, endpointTexts(endpoint));
  }
  return index;
}

const isIntegration = (it: Found) => "slug" in it;

function integrationTexts({ slug, name, description, category }: Integration) {
  return { name: `${slug} ${name}`, about: description, place: category };
}

function endpointTexts({ integration, name, summary, resource }: Endpoint) {
  return { name, about: summary, place: `${integration} ${resource}` };
}

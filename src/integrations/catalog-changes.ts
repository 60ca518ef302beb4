import type { Endpoint, Integration } from "#catalog/integration.js";
import type { Effect } from "#catalog/schema.js";

/** How a catalogue differs from the one before it. Endpoints are named as scopes name them: `github.create_issue`. */
export interface CatalogChanges {
  /** Slugs of integrations. */
  added: string[];
  removed: string[];
  changed: string[];
  /** Keys gain the new ones by patterns and effects, and by an effect that is another now. */
  endpoints: {
    added: string[];
    removed: string[];
    renamed: { from: string; to: string }[];
    effects: { endpoint: string; from: Effect; to: Effect }[];
  };
}

type Integrations = ReadonlyMap<string, Integration>;

/** @param isSame whether the folder of a slug is as it was */
export function catalogChanges(
  before: Integrations,
  after: Integrations,
  isSame: (slug: string) => boolean,
): CatalogChanges {
  const slugs = [...after.keys()];
  const common = slugs.filter((slug) => before.has(slug));
  const changes: CatalogChanges = {
    added: slugs.filter((slug) => !before.has(slug)),
    removed: [...before.keys()].filter((slug) => !after.has(slug)),
    changed: common.filter((slug) => !isSame(slug)),
    endpoints: { added: [], removed: [], renamed: [], effects: [] },
  };
  const { added, removed, changed, endpoints } = changes;
  for (const slug of added) endpoints.added.push(...namesOf(after.get(slug)!));
  for (const slug of removed) endpoints.removed.push(...namesOf(before.get(slug)!));
  for (const slug of changed) compare(before.get(slug)!, after.get(slug)!, endpoints);
  return changes;
}

const scopeOf = ({ integration, name }: Endpoint) => `${integration}.${name}`;
const namesOf = ({ endpoints }: Integration) => [...endpoints.values()].map(scopeOf);

function compare(before: Integration, after: Integration, changes: CatalogChanges["endpoints"]): void {
  const missing = new Map(before.endpoints);
  for (const endpoint of after.endpoints.values()) {
    const { name, formerly } = endpoint;
    const was = [name, ...formerly].map((it) => before.endpoints.get(it)).find((it) => it !== undefined);
    if (!was) {
      changes.added.push(scopeOf(endpoint));
      continue;
    }
    missing.delete(was.name);
    if (was.name !== name) changes.renamed.push({ from: scopeOf(was), to: scopeOf(endpoint) });
    const [from, to] = [was.effect, endpoint.effect];
    if (from !== to) changes.effects.push({ endpoint: scopeOf(endpoint), from, to });
  }
  changes.removed.push(...[...missing.values()].map(scopeOf));
}

/** The changes as numbers, for the log. */
export function countsOf({ added, removed, changed, endpoints }: CatalogChanges) {
  return {
    added,
    removed,
    changed,
    endpoints: {
      added: endpoints.added.length,
      removed: endpoints.removed.length,
      renamed: endpoints.renamed.length,
      effects: endpoints.effects.length,
    },
  };
}

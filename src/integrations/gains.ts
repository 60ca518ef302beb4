import { allows } from "#core/scopes.js";
import type { Decided } from "#integrations/changes.js";

/** A key that works, or a program that a person has let in, as people know it. */
export interface KnownKey {
  /** Its name, and of a key its first characters. */
  key: string;
  scopes: readonly string[];
}

/** A key that may call endpoints that it could not call before, once they are on. */
export interface Gain {
  key: string;
  endpoints: number;
  /** The scopes that allow it. */
  by: string[];
}

/** The keys that gain something by an import. */
export function gainsOf(slug: string, gained: Decided["gained"], keys: readonly KnownKey[]): Gain[] {
  return keys.flatMap(({ key, scopes }) => {
    const allowing = scopes.map((scope) => ({ scope, count: countAllowed(slug, gained, scope, scopes) }));
    const by = allowing.filter(({ count }) => count > 0);
    if (by.length === 0) return [];
    const endpoints = countAllowed(slug, gained, null, scopes);
    return [{ key, endpoints, by: by.map(({ scope }) => scope) }];
  });
}

/** @param scope null for all scopes of the key together */
function countAllowed(
  slug: string,
  gained: Decided["gained"],
  scope: string | null,
  scopes: readonly string[],
): number {
  const asking = scope === null ? scopes : [scope];
  const may = (by: readonly string[], { name, effect, formerly }: Decided["gained"][number]["route"]) =>
    [name, ...formerly].some((endpoint) => allows(by, { integration: slug, endpoint, effect }));
  return gained.filter(({ route, before }) => may(asking, route) && !(before && may(scopes, before))).length;
}

import type { Effect } from "#catalog/schema.js";
import { changesBetween, requestOf } from "#integrations/route-hash.js";
import type { OffReason } from "#store/schema/integration-tables.js";

/** An endpoint as it is stored. */
export interface StoredRoute extends Switch {
  name: string;
  hash: string;
  effect: Effect;
  /** Names that it had before. */
  formerly: readonly string[];
}

/** An endpoint as it is now. */
export type NewRoute = Omit<StoredRoute, keyof Switch>;

export interface Switch {
  enabled: boolean;
  /** Why it is off; null when it is on. */
  offReason: OffReason | null;
}

export interface Changes {
  /** Names. */
  added: string[];
  removed: string[];
  changed: { name: string; what: string[] }[];
  renamed: { from: string; to: string }[];
}

/** The outcome of an import beside what is stored. */
export interface Decided {
  /** By name, for each new route. */
  switches: ReadonlyMap<string, Switch>;
  changes: Changes;
  /** Endpoints that keys might gain: those that are switched on now, or wait to be. */
  gained: { route: NewRoute; before: StoredRoute | null }[];
}

const on: Switch = { enabled: true, offReason: null };
const off = (offReason: OffReason): Switch => ({ enabled: false, offReason });

/**
 * Decides which endpoints are on. With a first import those that read are; later, what did not change keeps its switch,
 * and what is new or changed is off until somebody has looked at it.
 *
 * @param stored empty for a first import
 */
export function decide(stored: readonly StoredRoute[], routes: readonly NewRoute[]): Decided {
  const isFirst = stored.length === 0;
  const before = predecessors(stored, routes);
  const switches = new Map<string, Switch>();
  const changes: Changes = { added: [], removed: [], changed: [], renamed: [] };
  const gained: Decided["gained"] = [];
  for (const route of routes) {
    const { name } = route;
    const old = before.get(name);
    if (!old) {
      const reads = route.effect === "read";
      switches.set(name, isFirst ? (reads ? on : off("write")) : off("new"));
      changes.added.push(name);
      if (!isFirst || reads) gained.push({ route, before: null });
      continue;
    }
    const what = changesBetween(old, route);
    if (old.name !== name) changes.renamed.push({ from: old.name, to: name });
    if (what.length > 0) changes.changed.push({ name, what });
    if (what.length > 0) gained.push({ route, before: old });
    const { enabled, offReason } = old;
    switches.set(name, what.length > 0 && enabled ? off("changed") : { enabled, offReason });
  }
  const kept = new Set([...before.values()].map(({ name }) => name));
  changes.removed = stored.map(({ name }) => name).filter((name) => !kept.has(name));
  return { switches, changes, gained };
}

/**
 * The stored route that each new one goes on with, by name: that of the same name, else the only one that is gone and
 * makes the same request.
 */
export function predecessors(
  stored: readonly StoredRoute[],
  routes: readonly NewRoute[],
): Map<string, StoredRoute> {
  const byName = new Map(stored.map((it) => [it.name, it]));
  const names = new Set(routes.map(({ name }) => name));
  const ended = uniqueByRequest(stored.filter(({ name }) => !names.has(name)));
  const come = uniqueByRequest(routes.filter(({ name }) => !byName.has(name)));
  const before = new Map<string, StoredRoute>();
  for (const route of routes) {
    const request = requestOf(route.hash);
    const renamed = come.get(request) === route ? ended.get(request) : undefined;
    const old = byName.get(route.name) ?? renamed;
    if (old) before.set(route.name, old);
  }
  return before;
}

function uniqueByRequest<R extends NewRoute>(routes: readonly R[]): Map<string, R> {
  const found = new Map<string, R>();
  const twice = new Set<string>();
  for (const route of routes) {
    const request = requestOf(route.hash);
    if (found.has(request)) twice.add(request);
    found.set(request, route);
  }
  for (const request of twice) found.delete(request);
  return found;
}

/** The names that each route is to answer to beside its own, where it has not got them yet. */
export function formerNames(
  stored: readonly StoredRoute[],
  routes: readonly NewRoute[],
): Map<string, readonly string[]> {
  const names = new Set(routes.map(({ name }) => name));
  const found = new Map<string, readonly string[]>();
  const before = predecessors(stored, routes);
  for (const { name, formerly } of routes) {
    const old = before.get(name);
    if (!old) continue;
    const all = new Set([...old.formerly, ...(old.name === name ? [] : [old.name]), ...formerly]);
    const own = [...all].filter((it) => !names.has(it));
    if (own.length > formerly.length) found.set(name, own);
  }
  return found;
}

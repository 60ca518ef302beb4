import { isDeepStrictEqual } from "node:util";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { fitsPath, type PathPattern, pathPattern, readPaths } from "#catalog/raw/path-match.js";
import { isForm, pairsOf, queryPairs, type RawRequest, splitQuery } from "#catalog/raw/raw-request.js";
import { addressParam } from "#catalog/request/address.js";
import { baseUrlOf } from "#catalog/settings.js";

/** The endpoint that a request is; or that its path is one of endpoints which their bodies tell apart, and it is none. */
export interface Match {
  endpoint: Endpoint | null;
  isOpaque: boolean;
}

type Based = Pick<Integration, "baseUrl" | "baseUrls">;

/**
 * Finds the endpoint of a request by method and path, and by the constants of endpoints that have both in common. Of
 * several it is the one whose file says most.
 *
 * @param endpoints all that the request may be, those too that are switched off
 */
export function matchEndpoint(based: Based, endpoints: Iterable<Endpoint>, request: RawRequest): Match {
  const { base } = request;
  if (base !== null && !Object.hasOwn(based.baseUrls, base)) return { endpoint: null, isOpaque: false };
  const addresses = readPaths(baseUrlOf(based, base), splitQuery(request.path)[0]);
  const fitting = ofMethod(endpoints, request.method)
    .flatMap((endpoint): Fitting[] => {
      const below = baseUrlOf(based, endpoint.base).toLowerCase();
      const pattern = patternOf(endpoint);
      const fits = (address: string) =>
        address.startsWith(below) && fitsPath(pattern, address.slice(below.length));
      return addresses.some(fits) ? [{ endpoint, pattern, written: below.length + pattern.written }] : [];
    })
    .sort(bySpecificity)
    .map(({ endpoint }) => endpoint);
  const endpoint = fitting.find((it) => hasConstants(it, request)) ?? null;
  const isOpaque =
    endpoint === null && fitting.some(({ constants }) => Object.keys(constants.body).length > 0);
  return { endpoint, isOpaque };
}

/** A HEAD asks for what a GET does. Composites are several requests, and each of these has an endpoint of its own. */
function ofMethod(endpoints: Iterable<Endpoint>, method: RawRequest["method"]): Endpoint[] {
  const asked = method === "HEAD" ? "GET" : method;
  return [...endpoints].filter((endpoint) => endpoint.method === asked && endpoint.composite === null);
}

interface Fitting {
  endpoint: Endpoint;
  pattern: PathPattern;
  /** Characters of its whole address that are written out. */
  written: number;
}

/** First the one whose file leaves least open. */
function bySpecificity(a: Fitting, b: Fitting): number {
  return (
    a.pattern.many - b.pattern.many ||
    a.pattern.params - b.pattern.params ||
    b.written - a.written ||
    constantsIn(b.endpoint) - constantsIn(a.endpoint)
  );
}

/** Taking thousands of paths apart takes longer than comparing them. */
const knownPatterns = new WeakMap<Endpoint, PathPattern>();

function patternOf(endpoint: Endpoint): PathPattern {
  let pattern = knownPatterns.get(endpoint);
  if (!pattern) {
    const { path, placements } = endpoint;
    // A param that takes an address takes any below the base URL.
    const isAddress = addressParam(path) !== null;
    pattern = isAddress
      ? pathPattern("/{address}", () => "many")
      : pathPattern(path, (param) => placements[param]?.segments ?? 1);
    knownPatterns.set(endpoint, pattern);
  }
  return pattern;
}

function constantsIn({ constants: { query, body } }: Endpoint): number {
  return Object.keys(query).length + Object.keys(body).length;
}

/** Does the request have what tells the endpoint from others of its method and path? */
function hasConstants({ constants: { query, body } }: Endpoint, request: RawRequest): boolean {
  return hasPairs(queryPairs(request), query) && hasFields(request, body);
}

function hasPairs(pairs: readonly [string, string][], constants: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(constants).every(([name, value]) => {
    const given = pairs.filter(([it]) => it === name).map(([, text]) => text);
    return isDeepStrictEqual(given, [value].flat().map(String));
  });
}

function hasFields({ headers, body }: RawRequest, constants: Readonly<Record<string, unknown>>): boolean {
  if (Object.keys(constants).length === 0) return true;
  if (typeof body === "string") return isForm(headers) && hasPairs(pairsOf(body), constants);
  return contains(body, constants);
}

/** Objects may have more fields than that, lists and texts are the same. */
function contains(value: unknown, part: unknown): boolean {
  if (!isObject(part)) return isDeepStrictEqual(value, part);
  return (
    isObject(value) && Object.entries(part).every(([name, inner]) => contains(ownValue(value, name), inner))
  );
}

const ownValue = (value: Record<string, unknown>, name: string) =>
  Object.hasOwn(value, name) ? value[name] : undefined;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { isDeepStrictEqual } from "node:util";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { beyondEndpoint } from "#catalog/raw/beyond.js";
import { fitsPath, mightFit, type PathPattern, pathPattern, readPaths } from "#catalog/raw/path-match.js";
import { isForm, pairsOf, queryPairs, type RawRequest, splitQuery } from "#catalog/raw/raw-request.js";
import { addressParam } from "#catalog/request/address.js";
import { baseUrlOf } from "#catalog/settings.js";
import { isObject } from "#core/json-object.js";

/** The endpoint that a request is; or that its path is one of endpoints which their bodies tell apart, and it is none. */
export interface Match {
  endpoint: Endpoint | null;
  isOpaque: boolean;
}

type Based = Pick<Integration, "baseUrl" | "baseUrls">;

/**
 * Finds the endpoint of a request by method and path, and by the constants of endpoints that have both in common. Of
 * several it is the one whose file says most, and of those that say as much, one of which the params can say it all.
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
      const paths = addresses.filter((it) => it.startsWith(below)).map((it) => it.slice(below.length));
      // Params and constants are read of those alone that might fit.
      if (!paths.some((path) => mightFit(templateOf(endpoint.path), path))) return [];
      const pattern = patternOf(endpoint);
      if (!paths.some((path) => fitsPath(pattern, path))) return [];
      return [{ endpoint, pattern, written: below.length + pattern.texts.join("").length }];
    })
    .sort(bySpecificity);
  const found = fitting.filter(({ endpoint }) => hasConstants(endpoint, request));
  const equal = found.filter((it) => bySpecificity(found[0]!, it) === 0);
  const whole = equal.find(({ endpoint }) => beyondEndpoint(endpoint, request) === null) ?? equal[0];
  const byBody = fitting.some(({ endpoint: { constants } }) => Object.keys(constants.body).length > 0);
  return { endpoint: whole?.endpoint ?? null, isOpaque: !whole && byBody };
}

/**
 * A HEAD asks for what a GET does. Composites are several requests, and each of these has an endpoint of its own. An
 * endpoint that takes any address below the usual base URL would be every request.
 */
function ofMethod(endpoints: Iterable<Endpoint>, method: RawRequest["method"]): Endpoint[] {
  const asked = method === "HEAD" ? "GET" : method;
  return [...endpoints].filter(
    ({ method: own, path, base, composite }) =>
      own === asked && composite === null && (base !== null || addressParam(path) === null),
  );
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
    manyIn(a.pattern) - manyIn(b.pattern) ||
    a.pattern.params.length - b.pattern.params.length ||
    b.written - a.written ||
    constantsIn(b.endpoint) - constantsIn(a.endpoint)
  );
}

/** A param that takes an address takes any below the base URL. */
const templateOf = (path: string) => (addressParam(path) === null ? path : "/{address}");

function patternOf({ path, placements }: Endpoint): PathPattern {
  const isAddress = addressParam(path) !== null;
  return pathPattern(templateOf(path), (param) => (isAddress ? "many" : (placements[param]?.segments ?? 1)));
}

const manyIn = ({ params }: PathPattern) => params.filter((segments) => segments === "many").length;

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

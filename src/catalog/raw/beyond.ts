import type { Endpoint, Placement } from "#catalog/integration.js";
import { isForm, pairsOf, queryPairs, type RawRequest } from "#catalog/raw/raw-request.js";
import { type BodyPart, createBodyTree } from "#catalog/request/body-tree.js";

/** Headers that change nothing but the form of the answer. */
const harmless = ["accept", "accept-language", "content-type", "if-match", "if-none-match"];

/**
 * The first part of a request that no param of its endpoint can say, such as `query.force`; null when there is none.
 * The scope of an endpoint is for what its params can say; more than that takes the scope for raw requests as well.
 */
export function beyondEndpoint(endpoint: Endpoint, request: RawRequest): string | null {
  return (
    beyondPairs("query", queryPairs(request), endpoint.constants.query, placed(endpoint, "query")) ??
    beyondHeaders(endpoint, request) ??
    beyondBody(endpoint, request)
  );
}

type Placed = Placement & { param: string };

function placed({ placements }: Endpoint, place: Placement["in"]): Placed[] {
  return Object.entries(placements)
    .map(([param, placement]) => ({ param, ...placement }))
    .filter((placement) => placement.in === place);
}

function beyondPairs(
  at: string,
  pairs: readonly [string, string][],
  constants: Readonly<Record<string, unknown>>,
  params: readonly Placed[],
): string | null {
  const isKnown = (name: string) => {
    // `labels[]` and `filter[state]` are ways to write lists and objects.
    const [stem] = name.split("[");
    const isOfParam = params.some((it) => it.name === name || it.name === stem);
    return isOfParam || Object.hasOwn(constants, name);
  };
  const [unknown] = pairs.filter(([name]) => !isKnown(name));
  return unknown ? `${at}.${unknown[0]}` : null;
}

function beyondHeaders(endpoint: Endpoint, { headers }: RawRequest): string | null {
  const own = placed(endpoint, "header").map(({ name }) => name.toLowerCase());
  const known = [...harmless, ...own, ...Object.keys(endpoint.constants.headers)];
  const unknown = Object.keys(headers).find((name) => !known.includes(name.toLowerCase()));
  return unknown === undefined ? null : `headers.${unknown}`;
}

function beyondBody(endpoint: Endpoint, { headers, body }: RawRequest): string | null {
  if (body === undefined) return null;
  const params = placed(endpoint, "body");
  const { constants } = endpoint;
  if (endpoint.body === "form" && typeof body === "string" && isForm(headers)) {
    return beyondPairs("body", pairsOf(body), constants.body, params);
  }
  const hasNone = params.length === 0 && Object.keys(constants.body).length === 0;
  if (endpoint.body !== "json" || hasNone || typeof body === "string") return "body";
  return beyondPart(createBodyTree(endpoint, params), body, "body");
}

function beyondPart(part: BodyPart, value: unknown, at: string): string | null {
  if ("read" in part) return null;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return at;
  for (const [name, inner] of Object.entries(value)) {
    const known = part.fields.get(name);
    const found = known ? beyondPart(known, inner, `${at}.${name}`) : `${at}.${name}`;
    if (found !== null) return found;
  }
  return null;
}

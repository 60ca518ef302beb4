import type { Endpoint, Integration } from "#catalog/integration.js";
import { beyondEndpoint } from "#catalog/raw/beyond.js";
import { type Match, matchEndpoint } from "#catalog/raw/match.js";
import { type RawRequest, rawName, splitQuery } from "#catalog/raw/raw-request.js";
import type { Effect } from "#catalog/schema.js";
import { beginningOf } from "#core/characters.js";

/** A raw request as a call: the endpoint that it is, or one that stands for it. */
export interface RawCall {
  request: RawRequest;
  /** Its params, lists and views are left out: the request is the caller's. */
  endpoint: Endpoint;
  /** Why it takes the scope for raw requests; null when it does not. */
  why: string | null;
  /** For the log: method and path, without the query, which may hold secrets. */
  target: string;
}

/** Of a target. */
const maxTarget = 200;

/** @param endpoints all that the request may be, those too that are switched off */
export function toRawCall(
  integration: Integration,
  endpoints: Iterable<Endpoint>,
  request: RawRequest,
): RawCall {
  const match = matchEndpoint(integration, endpoints, request);
  const [path] = splitQuery(request.path);
  return {
    request,
    endpoint: match.endpoint ? asRaw(match.endpoint) : standIn(integration, match, request),
    why: whyRaw(match, request),
    target: beginningOf(printable(`${request.method} ${path}`), maxTarget),
  };
}

/** Not every database takes control characters and halves of characters, and no terminal should. */
const printable = (text: string) => text.toWellFormed().replace(/\p{Cc}/gu, "\uFFFD");

function whyRaw({ endpoint }: Match, request: RawRequest): string | null {
  if (!endpoint) return "It is none of the endpoints.";
  const beyond = beyondEndpoint(endpoint, request);
  return beyond === null ? null : `It is ${endpoint.name}, of which no param leads to ${beyond}.`;
}

/** Fields that say what a request does and means, whoever has written it. */
type Kept =
  | ("integration" | "name" | "deprecated" | "method" | "base" | "path" | "effect")
  | (
      | "irreversible"
      | "untrusted"
      | "reaches"
      | "scopes"
      | "errors"
      | "refusals"
      | "repeatGuard"
      | "isGraphql"
    );

/** A request that has no params has no use for anything that an endpoint says of them, and nobody reads its page. */
const withoutParams: Omit<Endpoint, Kept> = {
  formerly: [],
  resource: "",
  summary: "",
  target: null,
  returns: "",
  asks: [],
  page: null,
  items: null,
  views: {},
  answerFile: null,
  params: { type: "object", properties: {}, required: [], additionalProperties: false },
  placements: {},
  body: "json",
  bodyUnder: null,
  bodyRoot: null,
  constants: { body: {}, query: {}, headers: {} },
  example: { params: {}, sends: { method: "GET", url: "" } },
  composite: null,
  tool: null,
  file: "",
  notes: "",
};

/** An endpoint of a tenant reads most of its fields when they are asked for, so that it cannot be copied as a whole. */
function asRaw(endpoint: Endpoint): Endpoint {
  const { integration, name, formerly, deprecated, method, base, path, effect } = endpoint;
  const {
    irreversible,
    untrusted,
    reaches,
    scopes,
    errors,
    refusals,
    repeatGuard: guard,
    isGraphql,
  } = endpoint;
  return {
    ...withoutParams,
    ...{ integration, name, formerly, deprecated, method, base, path, effect },
    ...{ irreversible, untrusted, reaches, scopes, errors, refusals, isGraphql },
    repeatGuard: guard && "param" in guard ? null : guard,
  };
}

/** An endpoint in the place of one for a request that is none. */
function standIn({ slug }: Integration, { isOpaque }: Match, { method, base }: RawRequest): Endpoint {
  return {
    ...withoutParams,
    integration: slug,
    name: rawName,
    deprecated: null,
    method: method === "HEAD" ? "GET" : method,
    base,
    path: "",
    effect: isOpaque ? "destructive" : effects[method],
    irreversible: false,
    untrusted: [],
    reaches: "outsiders",
    scopes: [],
    errors: {},
    refusals: [],
    repeatGuard: undefined,
    isGraphql: false,
  };
}

/** @see RFC 9110 §9.2.1, §9.3 */
const effects: Record<RawRequest["method"], Effect> = {
  GET: "read",
  HEAD: "read",
  POST: "write",
  PUT: "write",
  PATCH: "write",
  DELETE: "destructive",
};

import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import type { EndpointFacts, Placement } from "#catalog/integration.js";
import { splitPath } from "#catalog/path-template.js";
import { messageParams } from "#catalog/rfc822.js";
import type { Source } from "#catalog/source.js";

/** `GET /v1/:slug/download` is a route of ours. */
const reservedEndpoints = ["download"];
/** Flags of `skillett run`. */
const reservedParams = "params connection fields dry_run idempotency_key help profile url json".split(" ");
const transportHeaders =
  "authorization connection content-length content-type cookie host transfer-encoding upgrade".split(" ");
const scalars = ["string", "integer", "number", "boolean"];

/** The rules an endpoint file must keep beyond the shape of its front matter. */
export function checkEndpoint(endpoint: EndpointFacts, matter: EndpointFrontMatter, source: Source): void {
  if (!/^[a-z][a-z0-9_]*$/.test(endpoint.name)) {
    source.complain([], `the file name ${endpoint.name} is not of the form verb_object`);
  }
  if (reservedEndpoints.includes(endpoint.name)) source.complain([], `the name ${endpoint.name} is reserved`);
  if (endpoint.bodyUnder === "__proto__") source.complain(["body_under"], "is not a usable name");
  if (endpoint.bodyUnder !== null && endpoint.body === "form") source.complain(["body_under"], "is for JSON");
  checkPath(endpoint, source);
  for (const [name, param] of Object.entries(matter.params ?? {})) checkParam(endpoint, name, param, source);
  checkTargets(endpoint, source);
  for (const name of Object.keys(matter.page ?? {})) {
    if (!Object.hasOwn(endpoint.params.properties, name)) source.complain(["page", name], "is not in params");
  }
}

function checkPath({ path, params }: EndpointFacts, source: Source): void {
  const { texts, names } = splitPath(path);
  if (texts.some((text) => /[{}]/.test(text)) || names.some((name) => !/^[A-Za-z]\w*$/.test(name))) {
    source.complain(["request"], "path params are written {name}");
  }
  const segments = path.split("/").slice(1);
  if (
    segments.some((segment, i) => /^\.{1,2}$/.test(segment) || (segment === "" && i < segments.length - 1))
  ) {
    source.complain(["request"], "the path has an empty segment, or . or ..");
  }
  for (const name of names) {
    if (!Object.hasOwn(params.properties, name)) source.complain(["request"], `{${name}} is not in params`);
  }
}

type Complain = (keyword: string, message: string) => void;

function checkParam(endpoint: EndpointFacts, name: string, param: ParamFrontMatter, source: Source): void {
  const complain: Complain = (keyword, message) => source.complain(["params", name, keyword], message);
  const placement = endpoint.placements[name]!;
  if (reservedParams.includes(name)) {
    source.complain(["params", name], `is a reserved name: take another and say as: ${name}`);
  }
  if (name in {}) source.complain(["params", name], "is a name JavaScript objects have of their own");
  if (placement.in === "path") checkPathParam(endpoint, name, param, complain);
  else if (param.segments !== undefined) complain("segments", "is for path params only");
  if (placement.in === "body") checkBodyParam(endpoint, name, placement, complain);
  else checkType(endpoint, name, placement, complain);
  if (placement.in === "header") checkHeader(placement.name, complain);
  const { items } = endpoint.params.properties[name]!;
  if (param.lines && items?.type !== "string") complain("lines", "is for a list of texts");
}

function checkPathParam(
  { path }: EndpointFacts,
  name: string,
  param: ParamFrontMatter,
  complain: Complain,
): void {
  if (!path.includes(`{${name}}`)) complain("in", `the path of the request has no {${name}}`);
  if ((param.in ?? "path") !== "path") complain("in", "it stands in the path of the request");
  if (param.as !== undefined) complain("as", "has no meaning in the path");
}

function checkType({ params }: EndpointFacts, name: string, placement: Placement, complain: Complain): void {
  const types = typesOf(params.properties[name]!);
  const allowed = placement.in === "query" ? [...scalars, "array"] : scalars;
  if (types.length > 0 && types.every((type) => allowed.includes(type))) return;
  complain("type", `a ${placement.in} param is ${allowed.join(", ")}`);
}

function typesOf(schema: { type?: string | string[] }): string[] {
  return [schema.type ?? []].flat();
}

function checkHeader(name: string, complain: Complain): void {
  if (!/^[a-z0-9-]+$/.test(name)) complain("as", "a header name is lower-case letters, digits and dashes");
  if (transportHeaders.includes(name)) complain("as", `the header ${name} is not for params`);
}

function checkBodyParam(
  endpoint: EndpointFacts,
  name: string,
  placement: Placement,
  complain: Complain,
): void {
  const types = typesOf(endpoint.params.properties[name]!);
  if (endpoint.method === "GET") complain("in", "a GET has no body");
  if (placement.name === "__proto__") complain("as", "is not a usable name");
  if (endpoint.body === "form" && (types.length === 0 || types.includes("object"))) {
    complain("type", "a form has no objects");
  }
  if (endpoint.body === "rfc822_message" && messageParams.includes(name) && types.join() !== "string") {
    complain("type", "this part of a message is a string");
  }
}

/** No two params may overwrite each other at the service. */
function checkTargets({ placements }: EndpointFacts, source: Source): void {
  const taken = new Map<string, string>();
  for (const [name, placement] of Object.entries(placements)) {
    const target = `${placement.in} ${placement.name}`;
    const other = taken.get(target);
    if (other !== undefined) source.complain(["params", name], `goes to the same place as ${other}`);
    taken.set(target, name);
  }
}

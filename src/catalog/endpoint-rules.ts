import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import type { EndpointFacts, Placement } from "#catalog/integration.js";
import { checkView } from "#catalog/load-view.js";
import { splitPath } from "#catalog/path-template.js";
import { messageParams } from "#catalog/rfc822.js";
import type { Source } from "#catalog/source.js";

/** `GET /v1/:slug/download` is a route of ours. */
const reservedEndpoints = ["download"];
/** Flags of `skillett run`. */
const reservedParams = "params connection fields view dry_run idempotency_key help profile url json".split(
  " ",
);
const transportHeaders =
  "authorization connection content-length content-type cookie host transfer-encoding upgrade".split(" ");
const scalars = ["string", "integer", "number", "boolean"];

/** The rules an endpoint file must keep beyond the shape of its front matter. */
export function checkEndpoint(endpoint: EndpointFacts, matter: EndpointFrontMatter, source: Source): void {
  if (!/^[a-z][a-z0-9_]*$/.test(endpoint.name)) {
    source.report([], `the file name ${endpoint.name} is not of the form verb_object`);
  }
  if (reservedEndpoints.includes(endpoint.name)) source.report([], `the name ${endpoint.name} is reserved`);
  if (endpoint.bodyUnder === "__proto__") source.report(["body_under"], "is not a usable name");
  if (endpoint.bodyUnder !== null && endpoint.body === "form") source.report(["body_under"], "is for JSON");
  checkPath(endpoint, source);
  for (const [name, param] of Object.entries(matter.params ?? {})) checkParam(endpoint, name, param, source);
  checkTargets(endpoint, source);
  for (const name of Object.keys(matter.page ?? {})) {
    if (!Object.hasOwn(endpoint.params.properties, name)) source.report(["page", name], "is not in params");
  }
  if (matter.views) checkView(matter.views.readable, ["views", "readable"], source);
}

function checkPath({ path, params }: EndpointFacts, source: Source): void {
  const { texts, names } = splitPath(path);
  if (texts.some((text) => /[{}]/.test(text)) || names.some((name) => !/^[A-Za-z]\w*$/.test(name))) {
    source.report(["request"], "path params are written {name}");
  }
  const segments = path.split("/").slice(1);
  if (
    segments.some((segment, i) => /^\.{1,2}$/.test(segment) || (segment === "" && i < segments.length - 1))
  ) {
    source.report(["request"], "the path has an empty segment, or . or ..");
  }
  for (const name of names) {
    if (!Object.hasOwn(params.properties, name)) source.report(["request"], `{${name}} is not in params`);
  }
}

type Report = (keyword: string, message: string) => void;

function checkParam(endpoint: EndpointFacts, name: string, param: ParamFrontMatter, source: Source): void {
  const report: Report = (keyword, message) => source.report(["params", name, keyword], message);
  const placement = endpoint.placements[name]!;
  if (reservedParams.includes(name)) {
    source.report(["params", name], `is a reserved name: take another and say as: ${name}`);
  }
  if (name in {}) source.report(["params", name], "is a name JavaScript objects have of their own");
  if (placement.in === "path") checkPathParam(endpoint, name, param, report);
  else if (param.segments !== undefined) report("segments", "is for path params only");
  if (placement.in === "body") checkBodyParam(endpoint, name, placement, report);
  else checkType(endpoint, name, placement, report);
  if (placement.in === "header") checkHeader(placement.name, report);
  const { items } = endpoint.params.properties[name]!;
  if (param.lines && items?.type !== "string") report("lines", "is for a list of texts");
}

function checkPathParam(
  { path }: EndpointFacts,
  name: string,
  param: ParamFrontMatter,
  report: Report,
): void {
  if (!path.includes(`{${name}}`)) report("in", `the path of the request has no {${name}}`);
  if ((param.in ?? "path") !== "path") report("in", "it stands in the path of the request");
  if (param.as !== undefined) report("as", "has no meaning in the path");
}

function checkType({ params }: EndpointFacts, name: string, placement: Placement, report: Report): void {
  const types = typesOf(params.properties[name]!);
  const allowed = placement.in === "query" ? [...scalars, "array"] : scalars;
  if (types.length > 0 && types.every((type) => allowed.includes(type))) return;
  report("type", `a ${placement.in} param is ${allowed.join(", ")}`);
}

function typesOf(schema: { type?: string | string[] }): string[] {
  return [schema.type ?? []].flat();
}

function checkHeader(name: string, report: Report): void {
  if (!/^[a-z0-9-]+$/.test(name)) report("as", "a header name is lower-case letters, digits and dashes");
  if (transportHeaders.includes(name)) report("as", `the header ${name} is not for params`);
}

function checkBodyParam(endpoint: EndpointFacts, name: string, placement: Placement, report: Report): void {
  const types = typesOf(endpoint.params.properties[name]!);
  if (endpoint.method === "GET") report("in", "a GET has no body");
  if (placement.name === "__proto__") report("as", "is not a usable name");
  if (endpoint.body === "form" && (types.length === 0 || types.includes("object"))) {
    report("type", "a form has no objects");
  }
  if (endpoint.body === "rfc822_message" && messageParams.includes(name) && types.join() !== "string") {
    report("type", "this part of a message is a string");
  }
}

/** No two params may overwrite each other at the service. */
function checkTargets({ placements }: EndpointFacts, source: Source): void {
  const taken = new Map<string, string>();
  for (const [name, placement] of Object.entries(placements)) {
    const target = `${placement.in} ${placement.name}`;
    const other = taken.get(target);
    if (other !== undefined) source.report(["params", name], `goes to the same place as ${other}`);
    taken.set(target, name);
  }
}

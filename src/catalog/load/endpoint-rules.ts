import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import { type EndpointFacts, isJsonBody, type Placement } from "#catalog/integration.js";
import { checkConsequences } from "#catalog/load/consequences.js";
import { checkConstants, transportHeaders } from "#catalog/load/constant-rules.js";
import { checkFiles } from "#catalog/load/file-rules.js";
import { checkGraphql } from "#catalog/load/graphql-rules.js";
import { checkRepeatGuard } from "#catalog/load/guard-rules.js";
import { checkView } from "#catalog/load/load-view.js";
import { checkPaging } from "#catalog/load/paging-rules.js";
import { checkParts } from "#catalog/load/part-rules.js";
import type { Source } from "#catalog/load/source.js";
import { checkTargets } from "#catalog/load/target-rules.js";
import { addressParam } from "#catalog/request/address.js";
import { nameSteps } from "#catalog/request/name-steps.js";
import { splitPath } from "#catalog/request/path-template.js";
import { messageTexts } from "#catalog/request/rfc822.js";
import type { ParamSchema } from "#catalog/schema.js";
import { didYouMean } from "#core/suggest.js";

/** `GET /v1/:slug/download` is a route of ours; the others are kept for such routes. */
export const reservedEndpoints = ["download", "files", "request", "batch"];
/** Flags of `skillett run`. */
export const reservedParams =
  "params connection fields view dry_run idempotency_key help profile url json all_pages max output_file clobber".split(
    " ",
  );
const scalars = ["string", "integer", "number", "boolean"];

/** The rules an endpoint file must keep beyond the shape of its front matter. */
export function checkEndpoint(endpoint: EndpointFacts, matter: EndpointFrontMatter, source: Source): void {
  checkName(endpoint.name, source);
  if (endpoint.bodyUnder === "__proto__") source.report(["body_under"], "is not a usable name");
  if (endpoint.bodyUnder !== null && !isJsonBody(endpoint.body)) source.report(["body_under"], "is for JSON");
  checkRoot(endpoint, source);
  checkPath(endpoint, source);
  checkConstants(endpoint, source);
  checkParts(endpoint, matter, source);
  checkFiles(endpoint, matter, source);
  checkGraphql(endpoint, matter, source);
  for (const [name, param] of Object.entries(matter.params ?? {})) checkParam(endpoint, name, param, source);
  checkTargets(endpoint, source);
  checkConsequences(endpoint, matter, source);
  checkRepeatGuard(endpoint, source);
  checkPaging(matter.page, endpoint.params.properties, "is not in params", source);
  if (matter.views) checkView(matter.views.readable, ["views", "readable"], source);
}

export function checkName(name: string, source: Source): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    source.report([], `the file name ${name} is not of the form verb_object`);
  if (reservedEndpoints.includes(name)) source.report([], `the name ${name} is reserved`);
}

/** The value of a root is the whole body: there is no place for anything else. */
function checkRoot(endpoint: EndpointFacts, source: Source): void {
  const { bodyRoot, placements, body, bodyUnder, isGraphql, constants } = endpoint;
  if (bodyRoot === null) return;
  const report = (message: string) => source.report(["body_root"], message);
  const others = Object.keys(placements).filter(
    (name) => placements[name]!.in === "body" && name !== bodyRoot,
  );
  if (!Object.hasOwn(placements, bodyRoot)) report(`is not in params.${didYouMean(bodyRoot, others)}`);
  else if (placements[bodyRoot]!.in !== "body") report("is no param of the body");
  else if (others.length > 0) report(`leaves no place in the body for ${others.join(", ")}`);
  if (body !== "json" || isGraphql) report("is for JSON");
  if (bodyUnder !== null && !isGraphql) report("leaves no place for body_under");
  if (Object.keys(constants.body).length > 0 && !isGraphql) report("leaves no place for constants.body");
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
  checkParamName(name, `take another and say as: ${name}`, source);
  if (placement.in === "path") checkPathParam(endpoint, name, param, report);
  else if (param.segments !== undefined) report("segments", "is for path params only");
  if (placement.in === "body") checkBodyParam(endpoint, name, placement, report);
  else checkType(endpoint, name, placement, report);
  const inPairs = placement.in === "query" || (placement.in === "body" && endpoint.body === "form");
  if (placement.encode !== null) checkEncoded(endpoint, name, placement, report);
  if (placement.style !== null && !inPairs) report("style", "is for the query and for forms");
  if (placement.in === "header") checkHeader(placement.name, report);
  const { items } = endpoint.params.properties[name]!;
  if (param.lines && items?.type !== "string") report("lines", "is for a list of texts");
}

/** @param advice on a name that is reserved */
export function checkParamName(name: string, advice: string, source: Source): void {
  if (reservedParams.includes(name)) source.report(["params", name], `is a reserved name: ${advice}`);
  if (name in {}) source.report(["params", name], "is a name JavaScript objects have of their own");
}

function checkPathParam(
  { path }: EndpointFacts,
  name: string,
  param: ParamFrontMatter,
  report: Report,
): void {
  if (addressParam(path) === name) checkAddress(param, report);
  if (!path.includes(`{${name}}`)) report("in", `the path of the request has no {${name}}`);
  if ((param.in ?? "path") !== "path") report("in", "it stands in the path of the request");
  if (param.as !== undefined) report("as", "has no meaning in the path");
}

function checkAddress(param: ParamFrontMatter, report: Report): void {
  if ((param as ParamSchema).type !== "string") report("type", "an address is a string");
  if (param.segments !== undefined) report("segments", "an address has them already");
}

function checkType({ params }: EndpointFacts, name: string, placement: Placement, report: Report): void {
  const types = typesOf(params.properties[name]!);
  const nested = placement.style === null ? ["array"] : ["array", "object"];
  const allowed = placement.in === "query" ? [...scalars, ...nested] : scalars;
  if (types.length > 0 && types.every((type) => allowed.includes(type))) return;
  report("type", `a ${placement.in} param is ${allowed.join(", ")}`);
}

function typesOf(schema: { type?: string | string[] }): string[] {
  return [schema.type ?? []].flat();
}

function checkEncoded(endpoint: EndpointFacts, name: string, placement: Placement, report: Report): void {
  if (placement.in !== "body" || endpoint.body !== "json" || endpoint.bodyRoot === name) {
    report("encode", "is for the fields of a JSON body");
  }
  if (typesOf(endpoint.params.properties[name]!).join() !== "string")
    report("type", "only a string is encoded");
}

function checkHeader(name: string, report: Report): void {
  if (!/^[a-z0-9-]+$/.test(name)) report("as", "a header name is lower-case letters, digits and dashes");
  if (transportHeaders.includes(name)) report("as", `the header ${name} is not for params`);
}

function checkBodyParam(endpoint: EndpointFacts, name: string, placement: Placement, report: Report): void {
  const types = typesOf(endpoint.params.properties[name]!);
  if (endpoint.method === "GET") report("in", "a GET has no body");
  const steps = isJsonBody(endpoint.body) ? nameSteps(placement.name) : [placement.name];
  if (steps.includes("__proto__") || steps.includes("")) report("as", "is not a usable name");
  const hasObjects = types.length === 0 || types.includes("object");
  if (endpoint.body === "form" && hasObjects && placement.style === null) {
    report("type", "a form has no objects, unless it says style: brackets");
  }
  if (endpoint.body === "rfc822_message" && messageTexts.includes(name) && types.join() !== "string") {
    report("type", "this part of a message is a string");
  }
}

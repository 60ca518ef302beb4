import type { EndpointFacts, Integration, Placement, RequestPlan } from "#catalog/integration.js";
import { addressParam, writeAddress } from "#catalog/request/address.js";
import { type FilesByHandle, withFiles } from "#catalog/request/files.js";
import { createPairWriter, createPathWriter } from "#catalog/request/url.js";
import { isAscii, type PlacedParam, scalarText, type Values } from "#catalog/request/values.js";
import { createBodyWriter } from "#catalog/request/write-body.js";
import { baseUrlOf } from "#catalog/settings.js";
import { badRequest } from "#core/errors.js";
import { meant } from "#core/lenient.js";
import type { Check, SchemaIssue } from "#core/schema-check.js";

/** Makes the request of a call. Throws `bad_request` with everything that is wrong with the params. */
export type Planner = (params: unknown, files?: FilesByHandle) => RequestPlan;

/** Takes an endpoint apart once, so that planning a call is only checking and writing. Pure. */
export function createPlanner(
  integration: Pick<Integration, "baseUrl" | "baseUrls" | "headers">,
  endpoint: EndpointFacts,
  check: Check,
): Planner {
  const { method, constants } = endpoint;
  const baseUrl = baseUrlOf(integration, endpoint.base);
  const fixed = { ...integration.headers, ...constants.headers };
  const placed = Object.entries(endpoint.placements).map(([param, placement]) => ({ param, ...placement }));
  const placedIn = (place: Placement["in"]) => placed.filter((param) => param.in === place);
  const [query, headers, body] = [placedIn("query"), placedIn("header"), placedIn("body")];
  const address = addressParam(endpoint.path);
  const writePath = createPathWriter(endpoint);
  const writeQuery = createPairWriter(constants.query, query);
  const writeBody = createBodyWriter(endpoint, body);

  return (given = {}, files = new Map()) => {
    const params = meant(endpoint.params, given);
    const issues = [...check(params)];
    if (!isObject(params)) throw refusal(issues);
    const path =
      address === null ? baseUrl + writePath(params, issues) : writeAddress(address, params, baseUrl, issues);
    const search = writeQuery(params, issues);
    const url = search === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${search}`;
    const written = writeBody(withFiles(endpoint, params, files, issues), issues);
    const plan = { method, url, headers: { ...fixed, ...written.headers }, body: written.body };
    for (const header of headers) writeHeader(plan, header, params, issues);
    if (issues.length > 0) throw refusal(issues);
    return plan;
  };
}

function writeHeader(
  plan: RequestPlan,
  { param, name }: PlacedParam,
  values: Values,
  issues: SchemaIssue[],
): void {
  const text = scalarText(values[param], [param], issues);
  if (text === null) return;
  if (!isAscii(text)) issues.push({ path: [param], message: "must be ASCII: it goes into a header" });
  plan.headers[name] = text;
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The refusal of params with these issues. */
export function refusal(issues: SchemaIssue[]): Error {
  return badRequest(issues.map(({ path, message }) => ({ at: ["params", ...path].join("."), message })));
}

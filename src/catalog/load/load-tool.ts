import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import { requestKeywords, type ToolFrontMatter } from "#catalog/front-matter-tools.js";
import type { EndpointFacts } from "#catalog/integration.js";
import { checkEndpoint } from "#catalog/load/endpoint-rules.js";
import {
  buildEndpoint,
  type EndpointFile,
  finish,
  type LoadedEndpoint,
} from "#catalog/load/load-endpoint.js";
import type { Source } from "#catalog/load/source.js";
import type { ParamSchema } from "#catalog/schema.js";
import type { Tool } from "#catalog/tool.js";
import type { Check, SchemaIssue } from "#core/schema-check.js";

export function isTool({ source: { value } }: EndpointFile): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "tool");
}

/** Reads an endpoint file that calls a tool. Notes every problem; null when too much is wrong to go on. */
export function loadTool({ source, body }: EndpointFile, check: Check): LoadedEndpoint | null {
  const issues = [...check(source.value), ...keywordIssues(source.value)];
  if (issues.length === 0) issues.push(...openIssues(source.value as ToolFrontMatter));
  for (const { path, message } of issues) source.report(path, message);
  if (issues.length > 0) return null;
  const matter = source.value as ToolFrontMatter;
  const asRequest = toRequest(matter);
  const facts = toFacts(buildEndpoint(source.file, asRequest), matter);
  checkHeaders(facts, matter, source);
  checkEndpoint(facts, asRequest, source);
  return finish(facts, { source, body });
}

function keywordIssues(matter: unknown): SchemaIssue[] {
  const params = (matter as { params?: Record<string, object> }).params ?? {};
  return Object.entries(params).flatMap(([name, param]) =>
    requestKeywords
      .filter((key) => Object.hasOwn(Object(param), key))
      .map((key) => ({ path: ["params", name, key], message: "is not for a param of a tool" })),
  );
}

function openIssues({ arguments: open, params = {} }: ToolFrontMatter): SchemaIssue[] {
  if (open === undefined) return [];
  const path = ["arguments"];
  if (!Object.hasOwn(params, open)) return [{ path, message: "is not in params" }];
  if (Object.keys(params).length > 1) return [{ path, message: "leaves no place for other params" }];
  return (params[open] as ParamSchema).type === "object" ? [] : [{ path, message: "is an object" }];
}

const allArguments = "params.arguments";

/** Tools are called by one request, with the params among its arguments. @see MCP 2026-07-28, Tools */
function toRequest(matter: ToolFrontMatter): EndpointFrontMatter {
  const { tool, arguments: open, pin, repeatable, params = {}, example, ...same } = matter;
  const call = { jsonrpc: "2.0", method: "tools/call" };
  const placed = Object.entries(params).map(([name, { header, ...param }]): [string, ParamFrontMatter] => [
    name,
    { ...param, as: name === open ? allArguments : `${allArguments}.${param.as ?? name}` },
  ]);
  return {
    scopes: [],
    ...same,
    request: "POST /",
    params: Object.fromEntries(placed),
    constants: {
      body: { ...call, params: { name: tool, ...(open === undefined && { arguments: {} }) } },
    },
    example: { ...example, sends: { method: "POST", url: "/" } },
  };
}

function toFacts(facts: EndpointFacts, matter: ToolFrontMatter): EndpointFacts {
  const headers = Object.entries(matter.params ?? {}).flatMap(([name, param]) =>
    param.header === undefined ? [] : [[param.as ?? name, param.header]],
  );
  const tool: Tool = {
    name: matter.tool,
    isRepeatable: matter.repeatable ?? false,
    pin: matter.pin ?? null,
    headers: Object.fromEntries(headers),
  };
  return {
    ...facts,
    tool,
    // Calls go to the server's URL itself.
    path: "",
    example: { ...facts.example, sends: { method: "POST", url: "", ...matter.example.sends } },
    // Everything in it may have been written to make a model do something.
    untrusted: matter.untrusted ?? ["data"],
  };
}

/** @see MCP 2026-07-28, Custom Headers from Tool Parameters: a header has a text, a whole number, or true or false */
function checkHeaders(
  { params: schema }: EndpointFacts,
  { params = {} }: ToolFrontMatter,
  source: Source,
): void {
  const seen = new Set<string>();
  for (const [name, { header }] of Object.entries(params)) {
    if (header === undefined) continue;
    const report = (message: string) => source.report(["params", name, "header"], message);
    if (seen.has(header.toLowerCase())) report("is the header of another param");
    seen.add(header.toLowerCase());
    const types = [schema.properties[name]!.type ?? []].flat();
    if (types.length === 0 || !types.every((type) => ["string", "integer", "boolean"].includes(type))) {
      report("is for a string, an integer or a boolean");
    }
  }
}

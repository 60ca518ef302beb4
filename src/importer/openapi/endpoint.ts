import type { JsonObject } from "#core/json-object.js";
import { asTexts } from "#core/json-object.js";
import { effectOf, pathsThatComeBack } from "#importer/naming/effects.js";
import { isVersion } from "#importer/naming/path-name.js";
import { wordsOf } from "#importer/naming/words.js";
import { answerOf } from "#importer/openapi/answers.js";
import { idOf, labelOf, type Operation } from "#importer/openapi/operations.js";
import { pagingOf } from "#importer/openapi/paging.js";
import { carryRequest } from "#importer/openapi/params.js";
import { scopesOf } from "#importer/openapi/scopes.js";
import type { Bases } from "#importer/openapi/servers.js";
import type { References } from "#importer/read/references.js";
import type { Notes } from "#importer/report.js";
import { oneLine, paragraphs } from "#importer/text.js";
import type { ImportedEndpoint } from "#importer/write/endpoint-file.js";
import { exampleParams } from "#importer/write/example-params.js";
import { withExamples } from "#importer/write/loosen.js";

const maxSummary = 120;
const maxAdvice = 1_200;

export interface EndpointContext {
  description: JsonObject;
  references: References;
  /** All paths of the description. */
  paths: readonly string[];
  /** Servers of single operations. */
  bases: Bases;
  /** @see RequestContext */
  taken: ReadonlySet<string>;
  notes: Notes;
}

/**
 * Makes the endpoint of an operation; its schemas are carried to a depth.
 *
 * @throws Unsupported, each time, for an operation that cannot be carried over
 */
export type EndpointMaker = (name: string, operation: Operation, maxDepth: number) => ImportedEndpoint;

export function createEndpointMaker(context: EndpointContext): EndpointMaker {
  const { description, references, bases, taken, notes } = context;
  const comingBack = pathsThatComeBack(context.paths);
  return (name, found, maxDepth) => {
    const { method, path, operation } = found;
    const note = (what: string) => notes.leaveOut(what, labelOf(found));
    const base = bases.nameFor(found);
    const {
      path: written,
      params: given,
      ...request
    } = carryRequest(found, { references, maxDepth, note, taken });
    const params = withExamples(given, note);
    const answer = answerOf(operation, references);
    const summary =
      oneLine(operation.summary ?? operation.description, maxSummary) || name.replaceAll("_", " ");
    const text = `${String(operation.summary ?? "")}\n${String(operation.description ?? "")}`;
    const effects = effectOf({ method, name, id: idOf(found), path, text }, comingBack.has(path));
    const inPath = [...written.matchAll(/\{(\w+)\}/g)].map(([, param]) => `{${param}}`);
    const paging = method === "GET" ? pagingOf(params, answer, references) : { page: null, items: null };
    return {
      name,
      resource: resourceOf(operation, path),
      summary,
      method,
      path: written,
      base,
      params,
      ...withAccept(request, answer.mediaTypes),
      ...effects,
      target: effects.effect === "read" || inPath.length === 0 ? null : [...new Set(inPath)].join(" "),
      scopes: scopesOf(operation, description),
      returns: answer.returns,
      ...paging,
      deprecated: operation.deprecated === true,
      advice: paragraphs(operation.description, maxAdvice) || summary,
      example: exampleParams(params),
    };
  };
}

/** The integration asks for JSON; an operation that answers with something else says so. */
function withAccept<T extends { constants?: { headers?: Record<string, string> } }>(
  request: T,
  mediaTypes: readonly string[],
): T {
  const [other] = mediaTypes;
  const isJson = mediaTypes.some((type) => /^(application\/json|\*\/\*)\b/i.test(type));
  if (other === undefined || isJson || !/^[\w.+-]+\/[\w.+*-]+$/.test(other)) return request;
  const headers = { ...request.constants?.headers, accept: other.toLowerCase() };
  return { ...request, constants: { ...request.constants, headers } };
}

function resourceOf(operation: JsonObject, path: string): string {
  const [tag] = asTexts(operation.tags);
  const ofTag = wordsOf(tag ?? "");
  const segments = path
    .replace(/\{[^{}]*\}/g, "")
    .split("/")
    .filter((segment) => !isVersion(segment));
  const folder = (ofTag.length > 0 ? ofTag : wordsOf(segments[0] ?? "")).slice(0, 4).join("-").slice(0, 60);
  return /^[a-z]/.test(folder) ? folder : "general";
}

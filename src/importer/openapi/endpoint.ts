import type { JsonObject } from "#importer/json-object.js";
import { asTexts } from "#importer/json-object.js";
import { effectOf } from "#importer/naming/effects.js";
import { wordsOf } from "#importer/naming/words.js";
import { answerOf } from "#importer/openapi/answers.js";
import { labelOf, type Operation } from "#importer/openapi/operations.js";
import { pagingOf } from "#importer/openapi/paging.js";
import { carryRequest } from "#importer/openapi/params.js";
import { scopesOf } from "#importer/openapi/scopes.js";
import type { References } from "#importer/read/references.js";
import type { Notes } from "#importer/report.js";
import { oneLine, paragraphs } from "#importer/text.js";
import type { ImportedEndpoint } from "#importer/write/endpoint-file.js";
import { exampleParams } from "#importer/write/example-params.js";

const maxSummary = 120;
const maxAdvice = 1_200;

/** @throws Unsupported, each time, for an operation that cannot be carried over */
export function createEndpointMaker(
  description: JsonObject,
  references: References,
  notes: Notes,
): (name: string, operation: Operation) => ImportedEndpoint {
  return (name, found) => {
    const { method, path, operation } = found;
    const note = (what: string) => notes.leaveOut(what, labelOf(found));
    const { path: written, params, ...request } = carryRequest(found, references, note);
    const answer = answerOf(operation, references);
    const effect = effectOf(method, name);
    const inPath = [...written.matchAll(/\{(\w+)\}/g)].map(([, param]) => `{${param}}`);
    const summary =
      oneLine(operation.summary ?? operation.description, maxSummary) || name.replaceAll("_", " ");
    const paging = method === "GET" ? pagingOf(params, answer, references) : { page: null, items: null };
    return {
      name,
      resource: resourceOf(operation, path),
      summary,
      method,
      path: written,
      params,
      ...request,
      effect,
      target: effect === "read" || inPath.length === 0 ? null : inPath.join(" "),
      scopes: scopesOf(operation, description),
      returns: answer.returns,
      ...paging,
      advice: paragraphs(operation.description, maxAdvice) || summary,
      example: exampleParams(params, request.body_root),
    };
  };
}

function resourceOf(operation: JsonObject, path: string): string {
  const [tag] = asTexts(operation.tags);
  const ofTag = wordsOf(tag ?? "");
  const fallback = wordsOf(path.replace(/\{[^{}]*\}/g, "")).filter((word) => !/^v\d/.test(word));
  const folder = (ofTag.length > 0 ? ofTag : fallback).slice(0, 4).join("-").slice(0, 60);
  return /^[a-z]/.test(folder) ? folder : "general";
}

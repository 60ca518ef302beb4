import type { NextPage } from "#catalog/answer/paging.js";
import { readPath } from "#catalog/body.js";
import { itemName, type Step } from "#catalog/composite.js";
import type { Endpoint } from "#catalog/integration.js";
import type { ReadValue } from "#catalog/request/fill-params.js";
import type { Values } from "#catalog/request/values.js";
import { SkillettError } from "#core/errors.js";
import { exactValue, jsonAt } from "#core/json-path.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { Answer, ExecuteRequest } from "#gateway/execute.js";

/** A composite that is under way. */
export interface Walk {
  request: ExecuteRequest;
  endpoint: Endpoint;
  steps: readonly Step[];
  /** Those that were given, and defaults. */
  params: Values;
  /** The fields of the files among them that steps may read, by param. */
  files: Values;
  /** JSON that later steps read, by step. */
  answers: Map<string, string>;
  /** Of the calls so far. */
  headers: Answer["headers"];
  /** Params of the next page, as the first step has it. */
  next: NextPage | undefined;
  /** Sentences beside the answer. */
  remarks: string[];
}

/** Values of params, and of the answers so far. @param item JSON, of a step with `each` */
export function readerOf({ params, files, answers }: Walk, item?: string): ReadValue {
  return (path) => {
    const json = jsonOf(answers, path, item);
    if (json === undefined) return readPath(params, path) ?? readPath(files, path);
    return json === "" ? undefined : exactValue(json);
  };
}

/** The JSON at the path; empty when the answer has none, undefined when the path is of no answer. */
function jsonOf(answers: Walk["answers"], path: string, item: string | undefined): string | undefined {
  const [name = "", ...rest] = path.split(".");
  const json = name === itemName ? item : answers.get(name);
  if (json === undefined || rest.length === 0) return json;
  return jsonAt(json, rest.join(".")) ?? "";
}

/** The list at the path of an answer; none when there is nothing at it. Undefined for what is no list. */
export function listAt({ answers }: Walk, path: string): string | undefined {
  const json = jsonOf(answers, path, undefined);
  if (json === undefined || json === "" || json === "null") return "[]";
  return json.startsWith("[") ? json : undefined;
}

/** The error of what is not begun any more: the server stops, or the client has left and hears of nothing. */
export const stopOf = ({ reason }: RequestSignal): Error =>
  reason ?? new SkillettError("unavailable", { message: "The client has left." });

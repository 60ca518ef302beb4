import type { JsonObject } from "#core/json-object.js";
import { asObject } from "#core/json-object.js";
import type { References } from "#importer/read/references.js";
import { oneLine } from "#importer/text.js";

const maxReturns = 160;

/** The answer of an operation that went well. */
export interface Answer {
  /** One sentence about it. */
  returns: string;
  /** Its JSON Schema, followed; empty when the description has none. */
  schema: JsonObject;
  /** Of its body, as they are written. */
  mediaTypes: string[];
  /** Headers that it may have, in lower case. */
  headers: string[];
}

export function answerOf({ responses }: JsonObject, references: References): Answer {
  const all = asObject(responses);
  const status = Object.keys(all).find((it) => /^2/.test(it)) ?? (all.default === undefined ? "" : "default");
  const response = references.follow(all[status]);
  const content = asObject(response.content);
  const type = Object.keys(content).find((it) => /json/.test(it)) ?? Object.keys(content)[0] ?? "";
  const given = asObject(content[type]).schema;
  const schema = references.follow(given);
  const headers = Object.keys(asObject(response.headers)).map((it) => it.toLowerCase());
  return {
    returns: sentence(response, given, schema, references),
    schema,
    mediaTypes: Object.keys(content),
    headers,
  };
}

const saysNothing =
  /^(\d{3}|ok|success(ful(ly)?)?|((a )?success(ful)?|default|expected|json) (response|operation|request|answer)|(the )?response|default|no content)[.!]?$/i;

function sentence(response: JsonObject, given: unknown, schema: JsonObject, references: References): string {
  const said = oneLine(response.description, maxReturns);
  if (said !== "" && !saysNothing.test(said)) return said;
  if (schema.type === "array") {
    const item = nameOf(schema.items) ?? (oneLine(references.follow(schema.items).title, 60) || "items");
    return `A list: ${item}.`;
  }
  const name = nameOf(given) ?? oneLine(schema.title, 60);
  const fields = Object.keys(asObject(schema.properties)).slice(0, 8);
  if (fields.length > 0) return oneLine(`${name || "An object"} with ${fields.join(", ")}.`, maxReturns);
  return name ? `${name}.` : "What the service answers.";
}

function nameOf(value: unknown): string | null {
  const { $ref } = asObject(value);
  return typeof $ref === "string" ? oneLine($ref.split("/").at(-1), 60) : null;
}

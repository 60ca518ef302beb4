import { findMember } from "#core/json-text.js";
import { type AnswerParts, readParts } from "#gateway/answer-parts.js";

/** One page of a list. */
export interface PageAnswer extends AnswerParts {
  /** The list, as JSON; undefined when there is none. */
  items: string | undefined;
}

/**
 * @param text envelope without white space between tokens
 * @param path dotted path of the list in the data; null: the data is the list
 */
export function readPage(text: string, path: string | null): PageAnswer {
  const parts = readParts(text);
  const isList = parts.refusal === undefined && !parts.isTooLarge;
  return { ...parts, items: isList ? listAt(parts.data, path) : undefined };
}

/** Services leave a list out that is empty. */
function listAt(data: string, path: string | null): string | undefined {
  let value = data;
  for (const step of path?.split(".") ?? []) {
    if (!value.startsWith("{")) return undefined;
    const place = findMember(value, step);
    if (!place) return "[]";
    value = value.slice(place.from, place.to);
  }
  if (path !== null && value === "null") return "[]";
  return value.startsWith("[") ? value : undefined;
}

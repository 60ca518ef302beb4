import type { NextPage } from "#catalog/paging.js";
import { findMember } from "#core/json-text.js";

/** One page of a list, as its envelope has it. */
export interface PageAnswer {
  /** The envelope. */
  text: string;
  status: number;
  /** The list, as JSON; undefined when there is none. */
  items: string | undefined;
  /** The service refused, or failed; in its words where it has any. */
  refusal: string | undefined;
  /** It is larger than is held, and only its beginning is there. */
  isTooLarge: boolean;
  next: NextPage | undefined;
  /** Beside a list, what there is to say of its being incomplete. */
  hint: string | undefined;
  /** Seconds. */
  retryAfter: number | undefined;
}

/**
 * @param text envelope without white space between tokens
 * @param path dotted path of the list in the data; null: the data is the list
 */
export function readPage(text: string, path: string | null): PageAnswer {
  const member = (name: string) => {
    const place = findMember(text, name);
    return place && text.slice(place.from, place.to);
  };
  const parsed = (name: string) => JSON.parse(member(name) ?? "{}");
  const status = Number(member("status"));
  const { next, retry_after: retryAfter } = parsed("page");
  const { message: hint } = parsed("hint");
  const { message: refused } = parsed("refused");
  const refusal = refused ?? (status >= 400 ? `the service answered ${status}.` : undefined);
  const isTooLarge = member("cut") !== undefined;
  const items = refusal === undefined && !isTooLarge ? listAt(member("data")!, path) : undefined;
  return { text, status, items, refusal, isTooLarge, next, hint, retryAfter };
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

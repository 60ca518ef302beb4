import type { NextPage } from "#catalog/answer/paging.js";
import { eachMember, findMember } from "#core/json-text.js";

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
  const members = new Map<string, string>();
  eachMember(text, { from: 0, to: text.length }, (name, { from, to }) =>
    members.set(name, text.slice(from, to)),
  );
  const parsed = (name: string) => JSON.parse(members.get(name) ?? "{}");
  const status = Number(members.get("status"));
  const { next, retry_after: retryAfter } = parsed("page");
  const { message: hint } = parsed("hint");
  const { message: refused } = parsed("refused");
  const refusal = refused ?? (status >= 400 ? `the service answered ${status}.` : undefined);
  const isTooLarge = members.has("cut");
  const items = refusal === undefined && !isTooLarge ? listAt(members.get("data")!, path) : undefined;
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

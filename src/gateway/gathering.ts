import { sha256 } from "#core/digest.js";
import { eachItem } from "#core/json-text.js";

/** Characters of a list of several pages, about as many as one answer that is held may have. */
const maxListChars = 8_000_000;

/** Items of several pages, as JSON text, so that no number loses a digit. */
export interface Gathering {
  pages: number;
  /** The bound that it stops at, in words. */
  bound: string;
  count(): number;
  isFull(): boolean;
  /**
   * Takes the items of a page, as many as the bounds allow.
   *
   * @returns how many were left; `repeated` when the same page was there before, of which nothing is taken
   */
  add(list: string): number | "repeated";
  /** All of them, as a list. */
  list(): string;
}

/** @param maxItems at most */
export function createGathering(maxItems: number): Gathering {
  const parts: string[] = [];
  const seen = new Set<string>();
  let items = 0;
  let chars = 0;
  const gathering: Gathering = {
    pages: 0,
    bound: `${maxItems} items`,
    count: () => items,
    isFull: () => items >= maxItems,
    list: () => `[${parts.join(",")}]`,
    add(list) {
      if (list !== "[]") {
        const digest = sha256(list);
        if (seen.has(digest)) return "repeated";
        seen.add(digest);
      }
      gathering.pages += 1;
      let end = 1;
      let left = 0;
      eachItem(list, { from: 0, to: list.length }, ({ to }) => {
        const isTooLong = chars + to > maxListChars;
        if (left > 0 || items >= maxItems || isTooLong) {
          if (left === 0 && items < maxItems) gathering.bound = "8 MB";
          left += 1;
        } else {
          items += 1;
          end = to;
        }
      });
      chars += end;
      if (end > 1) parts.push(list.slice(1, end));
      return left;
    },
  };
  return gathering;
}

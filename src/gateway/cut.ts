import { eachItem, eachMember, type Span } from "#core/json-text.js";

/** Data in pages. */
export interface Pages {
  count: number;
  /** @param number from 1 to `count` */
  page(number: number): Page;
}

export interface Page {
  /** JSON. */
  data: string;
  /** The part of the whole, for a person or model to read: `Items 1 to 30 of 100`. */
  part: string;
}

/**
 * Data in pages of up to `maxChars` characters; the same arguments give the same pages. Characters are UTF-16 units, of
 * which an emoji has two: no client finds more on a page than it asked for, however it counts.
 *
 * - A list is cut between its items. So is a list that makes up most of an object: the other members are then on
 *   every page.
 * - Anything else, and a list with an item longer than a page, is cut as text: `data` is then a string.
 *
 * @param data JSON without white space between tokens
 */
export function cutData(data: string, maxChars: number): Pages {
  if (data.length <= maxChars) return { count: 1, page: () => ({ data, part: "All" }) };
  const list = longList(data);
  const runs = list && packItems(data, list, maxChars);
  return runs ? pagesOfItems(data, list, runs) : pagesOfText(data, maxChars);
}

/** The beginning of the data as text, as a JSON string. */
export function cutText(data: string, maxChars: number): string {
  return pagesOfText(data, maxChars).page(1).data;
}

/** The data itself when it is a list, or the list that is most of it. */
function longList(data: string): Span | undefined {
  const whole = { from: 0, to: data.length };
  if (data.startsWith("[")) return whole;
  if (!data.startsWith("{")) return undefined;
  let found: Span | undefined;
  eachMember(data, whole, (_, value) => {
    if (data[value.from] === "[" && value.to - value.from > data.length / 2) found = value;
  });
  return found;
}

/** Items that stand side by side in the text, with the commas between them. */
interface Run extends Span {
  items: number;
}

/** As many items on each page as fit beside the rest of the data; undefined when a single one does not. */
function packItems(data: string, list: Span, maxChars: number): Run[] | undefined {
  const room = maxChars - (data.length - (list.to - list.from)) - "[]".length;
  const runs: Run[] = [];
  let maxItemLength = 0;
  eachItem(data, list, ({ from, to }) => {
    maxItemLength = Math.max(maxItemLength, to - from);
    const last = runs.at(-1);
    if (!last || to - last.from > room) {
      runs.push({ from, to, items: 1 });
    } else {
      last.to = to;
      last.items += 1;
    }
  });
  return maxItemLength <= room ? runs : undefined;
}

function pagesOfItems(data: string, list: Span, runs: Run[]): Pages {
  const count = (some: Run[]) => some.reduce((sum, { items }) => sum + items, 0);
  return {
    count: runs.length,
    page(number) {
      const run = runs[number - 1]!;
      const before = count(runs.slice(0, number - 1));
      return {
        data: `${data.slice(0, list.from)}[${data.slice(run.from, run.to)}]${data.slice(list.to)}`,
        part: `Items ${before + 1} to ${before + run.items} of ${count(runs)}`,
      };
    },
  };
}

function pagesOfText(data: string, maxChars: number): Pages {
  const isString = data.startsWith('"');
  const text: string = isString ? JSON.parse(data) : data;
  const of = isString ? "the text" : "the JSON, given as text";
  const slices = sliceText(text, maxChars);
  return {
    count: slices.length,
    page(number) {
      const { from, to } = slices[number - 1]!;
      return {
        data: JSON.stringify(text.slice(from, to)),
        part: `Characters ${from + 1} to ${to} of ${text.length} of ${of}`,
      };
    },
  };
}

/** In fours, so that a page of Base64 can be decoded by itself; never between the halves of a character. */
function sliceText(text: string, maxChars: number): Span[] {
  const size = maxChars - (maxChars % 4);
  const slices: Span[] = [];
  for (let from = 0; from < text.length; from = slices.at(-1)!.to) {
    const end = Math.min(from + size, text.length);
    slices.push({ from, to: splitsCharacter(text, end) ? end - 1 : end });
  }
  return slices;
}

function splitsCharacter(text: string, at: number): boolean {
  return at < text.length && text.codePointAt(at - 1)! > 0xffff;
}

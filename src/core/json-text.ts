/**
 * JSON as text: found, cut and put together without ever becoming values, so that no number loses a digit,
 * and megabytes need no more memory than they have characters. All of it takes text that is known to be
 * JSON; but for `compact`, without white space between its tokens.
 *
 * @see RFC 8259
 */

export interface Span {
  from: number;
  /** Exclusive. */
  to: number;
}

const quote = 0x22;
const comma = 0x2c;

/** Without the white space between tokens. */
export function compact(json: string): string {
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(json, at);
    } else if (isSpace(code)) {
      parts.push(json.slice(from, at));
      while (isSpace(json.charCodeAt(at))) at += 1;
      from = at;
    } else {
      at += 1;
    }
  }
  return parts.length === 0 ? json : parts.join("") + json.slice(from);
}

/** Where the string that begins here ends. */
export function stringEnd(json: string, from: number): number {
  let at = json.indexOf('"', from + 1);
  while (isEscaped(json, at)) at = json.indexOf('"', at + 1);
  return at + 1;
}

/** The value of the JSON string at this span. */
export function readString(json: string, { from, to }: Span): string {
  const inner = json.slice(from + 1, to - 1);
  return inner.includes("\\") ? JSON.parse(`"${inner}"`) : inner;
}

/** Where the value that begins here ends. However deep it is, it takes no stack. */
export function valueEnd(json: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (depth === 0 && (code === comma || isClosing(code))) break;
    if (code === quote) {
      at = stringEnd(json, at);
    } else {
      if (isOpening(code)) depth += 1;
      else if (isClosing(code)) depth -= 1;
      at += 1;
    }
  }
  return at;
}

/** Whether lists and objects are nested more than `limit` deep, also in text that is not JSON. */
export function isDeeperThan(text: string, limit: number): boolean {
  // Most texts are shorter than this could be.
  if (text.length <= limit) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at) - 1;
      if (at < 0) return false;
    } else if (isOpening(code)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (isClosing(code)) depth -= 1;
  }
  return false;
}

/** Visits the items of a list, in order. */
export function eachItem(json: string, list: Span, visit: (item: Span) => void): void {
  for (let from = list.from + 1; from < list.to - 1; ) {
    const to = valueEnd(json, from);
    visit({ from, to });
    from = to + 1;
  }
}

/** Visits the members of an object, in order. */
export function eachMember(json: string, object: Span, visit: (name: string, value: Span) => void): void {
  for (let at = object.from + 1; at < object.to - 1; ) {
    const nameEnd = stringEnd(json, at);
    const from = nameEnd + 1;
    const to = valueEnd(json, from);
    visit(readString(json, { from: at, to: nameEnd }), { from, to });
    at = to + 1;
  }
}

/** Where the value of a member of the object lies; of several with one name the last, as everywhere. */
export function findMember(json: string, name: string): Span | undefined {
  let found: Span | undefined;
  eachMember(json, { from: 0, to: json.length }, (its, value) => {
    if (its === name) found = value;
  });
  return found;
}

/** The text with another one in this place. */
export function replaceSpan(json: string, { from, to }: Span, by: string): string {
  return json.slice(0, from) + by + json.slice(to);
}

/** Is this character preceded by an odd number of backslashes? */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

const isOpening = (code: number) => code === 0x5b || code === 0x7b;
const isClosing = (code: number) => code === 0x5d || code === 0x7d;

/** @see RFC 8259 §2 */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

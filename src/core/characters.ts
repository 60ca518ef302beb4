/**
 * Characters are Unicode code points: an emoji is one, though JavaScript's `length` counts two. So count JSON Schema,
 * the format of skills, and people.
 *
 * @see JSON Schema Validation §6.3.1 (maxLength), RFC 8259 §7
 */

/** How many characters a text has. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a text has more than `max` characters. Of a long text, no more than these are looked at. */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  return text.length > 2 * max || countCharacters(text) > max;
}

/** The beginning of a text, at most `max` characters, and never half of one. */
export function beginningOf(text: string, max: number): string {
  return text.length <= max ? text : [...text.slice(0, 2 * max)].slice(0, max).join("");
}

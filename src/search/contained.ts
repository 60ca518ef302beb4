import { isStem, synonymKeysOf, termsOf } from "#search/terms.js";

/** Says of the keys of a question's terms whether it has each word of a text, or a synonym. */
export function createContained(text: string): (keys: ReadonlySet<string>) => boolean {
  const sayings = termsOf(text)
    .filter(isStem)
    .map(({ key }) => [key, ...synonymKeysOf(key)]);
  return (keys) => sayings.every((saying) => saying.some((key) => keys.has(key)));
}

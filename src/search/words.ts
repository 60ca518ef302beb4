/** Longer runs are keys and encoded data, not words. */
const maxLength = 40;
// Scripts without spaces between words give one word a character.
const anyWord =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{Letter}\p{Number}]+/gu;
/** Like `anyWord` for ASCII in lower case, several times as fast. */
const asciiWord = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII
const ascii = /^[\x00-\x7f]*$/;

/** The words of a text as search compares them: in lower case, without accents, in their order. */
export function wordsOf(text: string): string[] {
  const found = ascii.test(text)
    ? text.toLowerCase().match(asciiWord)
    : text
        .normalize("NFKD")
        .replace(/\p{Mark}/gu, "")
        .toLowerCase()
        .match(anyWord);
  return (found ?? []).filter(({ length }) => length <= maxLength);
}

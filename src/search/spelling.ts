import { createNearWords } from "#search/near-words.js";

/** Shorter words are too near to others to be mended, and begin too many. */
const minLength = 4;
const minPrefix = 3;

/** Words that are known, and what misspelt ones stand for. */
export interface Spelling {
  /**
   * The shortest known word that begins with it, or else the nearest one. A word that is known stays, and so does one
   * that is known to mean something else.
   */
  mend(word: string, isWord: (word: string) => boolean): string;
}

export function createSpelling(known: ReadonlySet<string>): Spelling {
  const words = [...known].filter(({ length }) => length >= minLength - 1);
  const byLength = [...words].sort((a, b) => a.length - b.length);
  const near = createNearWords(words);
  return {
    mend(word, isWord) {
      if (word.length < minPrefix || known.has(word) || /\d/.test(word) || isWord(word)) return word;
      const begun = byLength.find((it) => it.startsWith(word));
      if (begun !== undefined || word.length < minLength) return begun ?? word;
      return near(word, word.length < 8 ? 1 : 2)[0]?.word ?? word;
    },
  };
}

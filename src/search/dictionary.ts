import stemOf from "wink-porter2-stemmer";
import { createNearWords, type NearWord } from "#search/near-words.js";
import { sortInTurns } from "#search/sort-in-turns.js";

/** The words of an index, and where each of them stands. */
export interface Dictionary {
  /** @param weight of the word in that document, above 0 and at most 1 */
  add(word: string, position: number, weight: number): void;
  /** The documents of a word, packed; undefined for a word that occurs in none. */
  postings(word: string): Postings | undefined;
  /** Words of one stem. */
  ofStem(stem: string): readonly string[];
  /** Words that begin like this one, itself left out; the shortest of them. */
  beginningWith(prefix: string, limit: number): string[];
  /** Words at most so many slips away, the nearest first. */
  near(word: string, slips: number, limit: number): NearWord[];
  /** Puts new words in order, letting others run meanwhile: the next question need not. */
  settle(): Promise<void>;
  /** Gives each document its new position; -1 drops it. */
  move(positions: Int32Array): void;
}

/** `position * 256 + weight`: ten thousand documents have millions of these, an object each would not do. */
export type Postings = readonly number[];

export const positionOf = (posting: number) => Math.floor(posting / 256);
export const weightOf = (posting: number) => (posting % 256) / 255;
const pack = (position: number, weight: number) =>
  position * 256 + Math.min(255, Math.max(1, Math.round(weight * 255)));

/**
 * Words of one index: more than a language and its programs have, and few enough to be looked through in some ten
 * milliseconds. Later words are not indexed.
 */
const maxWords = 200_000;

export function createDictionary(): Dictionary {
  const entries = new Map<string, number[]>();
  const forms = new Map<string, string[]>();
  /** All words in order; undefined when words have been added or removed since. */
  let order: { words: string[]; near: ReturnType<typeof createNearWords> } | undefined;

  function forget(word: string): void {
    entries.delete(word);
    const stem = stemOf(word);
    const others = forms.get(stem)!.filter((form) => form !== word);
    if (others.length > 0) forms.set(stem, others);
    else forms.delete(stem);
  }

  function ordered() {
    if (order) return order;
    const words = [...entries.keys()].sort();
    order = { words, near: createNearWords(words) };
    return order;
  }

  return {
    add(word, position, weight) {
      const known = entries.get(word);
      if (known) {
        known.push(pack(position, weight));
        return;
      }
      if (entries.size >= maxWords) return;
      entries.set(word, [pack(position, weight)]);
      const stem = stemOf(word);
      forms.set(stem, [...(forms.get(stem) ?? []), word]);
      order = undefined;
    },
    postings: (word) => entries.get(word),
    ofStem: (stem) => forms.get(stem) ?? [],
    beginningWith(prefix, limit) {
      const { words } = ordered();
      const found: string[] = [];
      for (let at = firstFrom(words, prefix); words[at]?.startsWith(prefix); at++)
        if (words[at] !== prefix) found.push(words[at]!);
      return found.sort((a, b) => a.length - b.length).slice(0, limit);
    },
    near: (word, slips, limit) => ordered().near(word, slips).slice(0, limit),
    async settle() {
      if (order) return;
      const words = await sortInTurns([...entries.keys()]);
      // Others may have added some meanwhile.
      if (words.length === entries.size) order = { words, near: createNearWords(words) };
    },
    move(positions) {
      for (const [word, postings] of entries) {
        const moved = postings.flatMap((posting) => {
          const position = positions[positionOf(posting)]!;
          return position < 0 ? [] : [position * 256 + (posting % 256)];
        });
        if (moved.length > 0) entries.set(word, moved);
        else forget(word);
      }
      order = undefined;
    },
  };
}

/** Index of the first word that is not before `word`. */
function firstFrom(words: string[], word: string): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]! < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

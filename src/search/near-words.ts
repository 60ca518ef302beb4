import { createEditDistance } from "#search/edit-distance.js";

export interface NearWord {
  word: string;
  /** Slips between them. */
  distance: number;
}

/** Finds which of these words are at most so many slips away, the nearest first, else in their order. */
export function createNearWords(known: readonly string[]): (word: string, slips: number) => NearWord[] {
  const letters = Int32Array.from(known, lettersOf);
  return (word, slips) => {
    const own = lettersOf(word);
    const distanceTo = createEditDistance(word, slips);
    const found: NearWord[] = [];
    for (let at = 0; at < known.length; at++) {
      // One slip changes two of the marks at most: nearly every word is out without a look at its letters.
      if (bitsOf(letters[at]! ^ own) > 2 * slips) continue;
      const distance = distanceTo(known[at]!);
      if (distance <= slips) found.push({ word: known[at]!, distance });
    }
    return found.sort((a, b) => a.distance - b.distance);
  };
}

/** A mark for each letter of a word: words whose marks differ much are not near each other. */
function lettersOf(word: string): number {
  let marks = 0;
  for (let at = 0; at < word.length; at++) marks |= 1 << (word.charCodeAt(at) % 32);
  return marks;
}

function bitsOf(marks: number): number {
  let count = 0;
  for (let left = marks; left !== 0; left &= left - 1) count += 1;
  return count;
}

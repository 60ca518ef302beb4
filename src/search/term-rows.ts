import type { Term } from "#search/terms.js";

/** Numbers for the keys of terms: 0 is the first that was seen. */
export interface Vocabulary {
  keys: ReadonlyMap<string, number>;
  numberOf(key: string): number;
}

export function createVocabulary(): Vocabulary {
  const keys = new Map<string, number>();
  return {
    keys,
    numberOf(key) {
      const known = keys.get(key);
      if (known !== undefined) return known;
      keys.set(key, keys.size);
      return keys.size - 1;
    },
  };
}

/** Texts as rows of the terms that they have, each with its weight: row `r` is from `starts[r]` up to `starts[r + 1]`. */
export interface TermRows {
  starts: Int32Array;
  /** By number in the vocabulary. */
  terms: Int32Array;
  weights: Float32Array;
}

export type WeightedTerm = Pick<Term, "key" | "weight">;

/** Collects rows. */
export function createTermRows(vocabulary: Vocabulary) {
  const [starts, terms, weights]: number[][] = [[0], [], []];
  return {
    add(row: Iterable<WeightedTerm>): void {
      for (const { key, weight } of row) {
        terms!.push(vocabulary.numberOf(key));
        weights!.push(weight);
      }
      starts!.push(terms!.length);
    },
    build: (): TermRows => ({
      // Not with `from`, which asks for the values one by one and takes ten times as long.
      starts: new Int32Array(starts!),
      terms: new Int32Array(terms!),
      weights: new Float32Array(weights!),
    }),
  };
}

/** The rows that have a term, and its weight in each. */
export interface Postings {
  rows: Int32Array;
  weights: Float32Array;
}

/** The same rows by term. */
export function invert({ starts, terms, weights }: TermRows, size: number): Postings[] {
  const counts = new Int32Array(size);
  for (const term of terms) counts[term]!++;
  const postings = Array.from(counts, (count) => ({
    rows: new Int32Array(count),
    weights: new Float32Array(count),
  }));
  const filled = new Int32Array(size);
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const term = terms[at]!;
      const place = filled[term]!++;
      postings[term]!.rows[place] = row;
      postings[term]!.weights[place] = weights[at]!;
    }
  }
  return postings;
}

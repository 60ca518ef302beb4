import { setImmediate as nextTurn } from "node:timers/promises";
import { createTermRows, createVocabulary, invert, type Postings, type TermRows } from "#search/term-rows.js";
import { groupKeys, keysOf, type Term, termsOf, type WordKeys } from "#search/terms.js";

/** Something that people ask for in words of their own. */
export interface Askable {
  texts: WeightedText[];
  /** Ways to ask for it; each counts as a whole, and all together as one more text. */
  asks: readonly string[];
  /** The word for its action: `create`. */
  verb: string;
}

export interface WeightedText {
  text: string;
  /** Weight of a word in it, relative to other texts. */
  boost: number;
  /** Usual number of its terms: a word in a longer text counts less. */
  length: number;
}

/** The terms of all askables, in numbers. */
export interface AskableTerms {
  /** The number of each term. */
  vocabulary: ReadonlyMap<string, number>;
  /** By term: one that all have says nothing. */
  rarities: Float64Array;
  /** Of a term that none has. */
  maxRarity: number;
  /** A row for each askable; weights are above 0 and below 1. */
  texts: TermRows;
  /** By term. */
  inTexts: readonly Postings[];
  /** A row for each ask. */
  asks: TermRows;
  /** The first ask of each askable, and of one after the last. */
  firstAsks: Int32Array;
  /** Of each ask as a vector of its terms. */
  lengths: Float64Array;
  /** Of each: groups of synonyms in its asks, with the share of them that has it; the group of its own verb has 1. */
  verbs: readonly ReadonlyMap<string, number>[];
  /** Groups of the verbs of all. */
  verbGroups: ReadonlySet<string>;
}

/** Of BM25: how soon a word said again adds nothing, and how much of a text's length counts. */
const [saturation, lengthShare] = [1.2, 0.5];
/** The power of how often a word is said. */
const repetition = 0.7;
/** The text that all asks are together. */
const together = { boost: 1.5, length: 60 };
/** A term that weighs less in the texts does not make an askable one of those that have it. */
const minWeight = 0.15;
/** Askables read without letting anything else run: a few milliseconds. */
const batch = 25;

/** Reads all askables, letting others run meanwhile. */
export async function readAskables(all: readonly Askable[]): Promise<AskableTerms> {
  const read = createReader();
  const vocabulary = createVocabulary();
  const [texts, asks] = [createTermRows(vocabulary), createTermRows(vocabulary)];
  const firstAsks = [0];
  const verbs: Map<string, number>[] = [];
  const verbGroups = new Set<string>();
  for (const [position, askable] of all.entries()) {
    if (position % batch === batch - 1) await nextTurn();
    const own = askable.asks.map(read);
    texts.add(weigh(askable.texts, own, read));
    for (const terms of own) asks.add(terms);
    firstAsks.push(firstAsks[position]! + own.length);
    const groups = groupKeys(read(askable.verb));
    for (const group of groups) verbGroups.add(group);
    verbs.push(verbsOf(groups, own));
  }
  await nextTurn();
  const textRows = texts.build();
  const inTexts = invert(textRows, vocabulary.keys.size);
  const rarity = (count: number) => Math.log(1 + (all.length + 0.5) / (count + 0.5));
  const rarities = Float64Array.from(inTexts, ({ weights }) =>
    rarity(weights.reduce((count, weight) => count + (weight > minWeight ? 1 : 0), 0)),
  );
  await nextTurn();
  const askRows = asks.build();
  return {
    vocabulary: vocabulary.keys,
    rarities,
    maxRarity: rarity(0),
    texts: textRows,
    inTexts,
    asks: askRows,
    firstAsks: Int32Array.from(firstAsks),
    lengths: lengthsOf(askRows, rarities),
    verbs,
    verbGroups,
  };
}

/** Reads texts, and remembers their words: there are few of them beside the texts. */
function createReader(): (text: string) => Term[] {
  const seen = new Map<string, WordKeys | null>();
  const remembered = (word: string) => {
    let keys = seen.get(word);
    if (keys === undefined) {
      keys = keysOf(word);
      seen.set(word, keys);
    }
    return keys;
  };
  return (text) => termsOf(text, { keysOf: remembered });
}

/** The terms of an askable with their weights. */
function weigh(
  texts: readonly WeightedText[],
  asks: readonly Term[][],
  read: (text: string) => Term[],
): Term[] {
  const worth = new Map<string, number>();
  const add = (terms: readonly Term[], boost: number, length: number) => {
    const each = boost / (1 - lengthShare + (lengthShare * terms.length) / length);
    for (const { key, weight, count } of terms)
      worth.set(key, (worth.get(key) ?? 0) + each * weight * count ** repetition);
  };
  for (const { text, boost, length } of texts) add(read(text), boost, length);
  add(sumOf(asks), together.boost, together.length);
  return [...worth].map(([key, value]) => ({ key, weight: value / (value + saturation), count: 1 }));
}

/** The terms of several texts as those of one. */
function sumOf(texts: readonly Term[][]): Term[] {
  const sum = new Map<string, Term>();
  for (const { key, weight, count } of texts.flat()) {
    const known = sum.get(key);
    if (known) {
      known.weight = Math.max(known.weight, weight);
      known.count += count;
    } else sum.set(key, { key, weight, count });
  }
  return [...sum.values()];
}

function lengthsOf({ starts, terms, weights }: TermRows, rarities: Float64Array): Float64Array {
  const lengths = new Float64Array(starts.length - 1);
  for (let row = 0; row < lengths.length; row++) {
    let sum = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++)
      sum += (weights[at]! * rarities[terms[at]!]!) ** 2;
    lengths[row] = Math.sqrt(sum);
  }
  return lengths;
}

function verbsOf(own: readonly string[], asks: readonly Term[][]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const terms of asks)
    for (const key of groupKeys(terms)) shares.set(key, (shares.get(key) ?? 0) + 1 / asks.length);
  for (const key of own) shares.set(key, 1);
  return shares;
}

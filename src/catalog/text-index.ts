import { createDictionary, type Dictionary, positionOf, weightOf } from "#catalog/dictionary.js";
import { wordsOf } from "#catalog/words.js";

/**
 * A lexical index in memory: typo-tolerant, ranked (BM25F, Robertson and Zaragoza 2009, with lengths measured
 * against a usual one, so that a document's weights never change when others come).
 */
export interface TextIndex<Document> {
  /** Adds a text under `id`, or replaces the one there is. */
  put(id: string, document: Document, texts: Record<string, string>): void;
  /** Prepares the next question after many changes, letting others run meanwhile. */
  settle(): Promise<void>;
  /** Documents with all words of the query, or else those with some of them, best first. No words find nothing. */
  search(query: string, filter?: (document: Document) => boolean): Document[];
}

export interface Field {
  /** Weight of a word in this field, relative to other fields. */
  boost: number;
  /** Usual number of words in it: a word in a longer field counts less. */
  length: number;
}

/** A word of the question, and how much each word of the index that may be meant counts. */
type Meaning = { word: string; factor: number }[];

const maxQueryWords = 16;
const maxMeanings = 64;
/** Shorter words stand for themselves alone: too much begins with them. */
const minPrefix = 3;
const factors = { prefix: 0.6, typo: 0.4 };
/** Of BM25: how soon a word said again adds nothing, and how much of a field's length counts. */
const [saturation, lengthShare] = [1.2, 0.5];

export function createTextIndex<Document>(fields: Record<string, Field>): TextIndex<Document> {
  /** By position; a document that was removed leaves a hole until the next clearing. */
  let slots: ({ id: string; document: Document } | undefined)[] = [];
  const positions = new Map<string, number>();
  const dictionary = createDictionary();

  function remove(id: string): void {
    const position = positions.get(id);
    if (position === undefined) return;
    positions.delete(id);
    slots[position] = undefined;
    const holes = slots.length - positions.size;
    if (holes > 64 && holes > slots.length / 4) closeHoles();
  }

  function closeHoles(): void {
    let next = 0;
    dictionary.move(Int32Array.from(slots, (slot) => (slot ? next++ : -1)));
    slots = slots.filter((slot) => slot !== undefined);
    slots.forEach((slot, position) => {
      positions.set(slot!.id, position);
    });
  }

  return {
    put(id, document, texts) {
      remove(id);
      const position = slots.push({ id, document }) - 1;
      positions.set(id, position);
      for (const [word, weight] of weigh(texts, fields)) dictionary.add(word, position, weight);
    },
    settle: () => dictionary.settle(),
    search(text, filter = () => true) {
      const words = [...new Set(wordsOf(text))].slice(0, maxQueryWords);
      if (words.length === 0) return [];
      const { scores, matches } = score(words, dictionary, slots.length);
      const hits: number[] = [];
      let maxMatches = 1;
      for (let position = 0; position < slots.length; position++) {
        const slot = slots[position];
        if (matches[position]! < maxMatches || !slot || !filter(slot.document)) continue;
        if (matches[position] === words.length && maxMatches < words.length) {
          maxMatches = words.length;
          hits.length = 0;
        }
        hits.push(position);
      }
      return best(hits, scores).map((position) => slots[position]!.document);
    },
  };
}

/** The weight of each word of a document, above 0 and below 1. */
function weigh(texts: Record<string, string>, fields: Record<string, Field>): Map<string, number> {
  const worth = new Map<string, number>();
  for (const [name, { boost, length }] of Object.entries(fields)) {
    const words = wordsOf(texts[name] ?? "");
    const each = boost / (1 - lengthShare + (lengthShare * words.length) / length);
    for (const word of words) worth.set(word, (worth.get(word) ?? 0) + each);
  }
  for (const [word, value] of worth) worth.set(word, value / (value + saturation));
  return worth;
}

/** Of each position: its score, and how many of the words it has. */
function score(words: string[], dictionary: Dictionary, size: number) {
  const scores = new Float64Array(size);
  const matches = new Uint8Array(size);
  const own = new Float64Array(size);
  for (const word of words) {
    own.fill(0);
    let commonest = 0;
    for (const meaning of meanings(word, dictionary)) {
      const postings = dictionary.postings(meaning.word)!;
      commonest = Math.max(commonest, postings.length);
      for (const posting of postings) {
        const position = positionOf(posting);
        own[position] = Math.max(own[position]!, weightOf(posting) * meaning.factor);
      }
    }
    const rarity = Math.log(1 + (size + 0.5) / (Math.min(commonest, size) + 0.5));
    for (let position = 0; position < size; position++) {
      if (own[position] === 0) continue;
      scores[position]! += own[position]! * rarity;
      matches[position]! += 1;
    }
  }
  return { scores, matches };
}

/**
 * The words of the index that a word may stand for: itself and those that begin with it, or else those that it may be
 * a misspelling of.
 */
function meanings(word: string, dictionary: Dictionary): Meaning {
  const exact: Meaning = dictionary.postings(word) ? [{ word, factor: 1 }] : [];
  const longer = word.length < minPrefix ? [] : dictionary.beginningWith(word, maxMeanings);
  const found = [...exact, ...longer.map((it) => ({ word: it, factor: factors.prefix }))];
  if (found.length > 0) return found;
  return dictionary
    .near(word, allowedSlips(word), maxMeanings)
    .map((it) => ({ word: it.word, factor: factors.typo / it.distance }));
}

const allowedSlips = ({ length }: string) => (length < 4 ? 0 : length < 7 ? 1 : 2);

/** Highest score first, then as they came in. Numbers sort much faster than pairs. */
function best(hits: number[], scores: Float64Array): number[] {
  const step = 2 ** 24;
  const keys = Float64Array.from(hits, (position) => position - Math.round(scores[position]! * 1e6) * step);
  return Array.from(keys.sort(), (key) => ((key % step) + step) % step);
}

import stem from "wink-porter2-stemmer";
import { createDictionary, type Dictionary, positionOf, weightOf } from "#search/dictionary.js";
import { isStopWord } from "#search/stop-words.js";
import { groupsOf, membersOf, phrasesIn } from "#search/synonyms.js";
import { wordsOf } from "#search/words.js";

/**
 * A lexical index in memory: typo-tolerant, ranked (BM25F, Robertson and Zaragoza 2009, with lengths measured
 * against a usual one, so that a document's weights never change when others come).
 */
export interface TextIndex<Document> {
  /** Adds a text under `id`, or replaces the one there is. */
  put(id: string, document: Document, texts: Record<string, string>): void;
  /** Prepares the next question after many changes, letting others run meanwhile. */
  settle(): Promise<void>;
  /** Documents that have most of the query's words, or what people say instead of them, best first. */
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
const factors = { sameStem: 0.9, synonym: 0.5, prefix: 0.6, typo: 0.4 };
/** Of what the best document has of the query; rare words count more. One that has less is left out. */
const minCovered = 0.6;
/** Of BM25: how soon a word said again adds nothing, and how much of a field's length counts. */
const [saturation, lengthShare] = [1.2, 0.5];

/** @param options `synonyms: false` for names, which mean what they say */
export function createTextIndex<Document>(
  fields: Record<string, Field>,
  { synonyms = true } = {},
): TextIndex<Document> {
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
      const { scores, covered } = score(questionOf(text, synonyms), dictionary, slots.length);
      const hits: number[] = [];
      let maxCovered = 0;
      slots.forEach((slot, position) => {
        if (covered[position] === 0 || !slot || !filter(slot.document)) return;
        maxCovered = Math.max(maxCovered, covered[position]!);
        hits.push(position);
      });
      const kept = hits.filter((position) => covered[position]! >= minCovered * maxCovered);
      return best(kept, scores).map((position) => slots[position]!.document);
    },
  };
}

/** A word of a query, or a phrase of several, with the stems of what people say instead of it. */
interface Asked {
  /** Null for a phrase. */
  word: string | null;
  synonyms: readonly string[];
}

function questionOf(text: string, synonyms: boolean): Asked[] {
  const all = [...new Set(wordsOf(text))];
  const words = all.filter((word) => !isStopWord(word));
  // A query of stop words alone asks for these.
  const asked = (words.length > 0 ? words : all).slice(0, maxQueryWords);
  if (!synonyms) return asked.map((word) => ({ word, synonyms: [] }));
  const groups = new Set(phrasesIn(all).map(({ group }) => group));
  return [
    ...asked.map((word) => ({ word, synonyms: membersOf(groupsOf(stem(word))) })),
    ...[...groups].map((group) => ({ word: null, synonyms: membersOf([group]) })),
  ];
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

/** Of each position: its score, and how much of the question it has. */
function score(question: readonly Asked[], dictionary: Dictionary, size: number) {
  const scores = new Float64Array(size);
  const covered = new Float64Array(size);
  const own = new Float64Array(size);
  for (const asked of question) {
    own.fill(0);
    let commonest = 0;
    for (const meaning of meanings(asked, dictionary)) {
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
      covered[position]! += rarity;
    }
  }
  return { scores, covered };
}

/**
 * The words of the index that a word may stand for: itself, other forms of it, its synonyms, and words that begin with
 * it; or else those that it may be a misspelling of.
 */
function meanings({ word: asked, synonyms }: Asked, dictionary: Dictionary): Meaning {
  const found = new Map<string, number>();
  const add = (word: string, factor: number) => found.set(word, Math.max(factor, found.get(word) ?? 0));
  for (const synonym of synonyms) for (const word of dictionary.ofStem(synonym)) add(word, factors.synonym);
  if (asked !== null) {
    for (const word of dictionary.ofStem(stem(asked))) add(word, word === asked ? 1 : factors.sameStem);
    const longer = asked.length < minPrefix ? [] : dictionary.beginningWith(asked, maxMeanings);
    for (const word of longer) add(word, factors.prefix);
    if (found.size === 0)
      for (const { word, distance } of dictionary.near(asked, allowedSlips(asked), maxMeanings))
        add(word, factors.typo / distance);
  }
  return [...found].map(([word, factor]) => ({ word, factor }));
}

const allowedSlips = ({ length }: string) => (length < 4 ? 0 : length < 7 ? 1 : 2);

/** Highest score first, then as they came in. Numbers sort much faster than pairs. */
function best(hits: number[], scores: Float64Array): number[] {
  const step = 2 ** 24;
  const keys = Float64Array.from(hits, (position) => position - Math.round(scores[position]! * 1e6) * step);
  return Array.from(keys.sort(), (key) => ((key % step) + step) % step);
}

import stem from "wink-porter2-stemmer";
import { takeShapes } from "#search/shapes.js";
import { foreignStopWords, isStopWord } from "#search/stop-words.js";
import { groupsOf, phrasesIn } from "#search/synonyms.js";
import { wordsOf } from "#search/words.js";

/** One of the things by which texts are compared. */
export interface Term {
  /** `issu` (a stem), `=issues` (a word that is not its own stem), `~12` (a group of synonyms), `:channel` (a shape). */
  key: string;
  /** How much it counts, beside a stem with 1. */
  weight: number;
  /** How often the text has it. */
  count: number;
}

const weights = { stem: 1, inPhrase: 0.5, form: 0.8, group: 1, shape: 1 };

/** Stems and shapes are what a text has; the others are further ways to say them. */
export const isOwn = ({ key }: Term) => !/^[=~]/.test(key);
export const isStem = ({ key }: Term) => !/^[=~:]/.test(key);

/** The groups of synonyms that terms name. */
export const groupKeys = (terms: readonly Term[]) =>
  terms.filter(({ key }) => key.startsWith("~")).map(({ key }) => key);

/** The groups of synonyms of a stem, as keys of terms. */
export const synonymKeysOf = (stemmed: string) => groupsOf(stemmed).map((group) => `~${group}`);

/** The terms of a single word. */
export interface WordKeys {
  stem: string;
  /** Undefined when it is its own stem. */
  form: string | undefined;
  groups: readonly string[];
}

/** Null for a stop word. */
export function keysOf(word: string): WordKeys | null {
  if (isStopWord(word)) return null;
  const stemmed = stem(word);
  return {
    stem: stemmed,
    form: stemmed === word ? undefined : `=${word}`,
    groups: synonymKeysOf(stemmed),
  };
}

export interface TermOptions {
  /** The word that a misspelt one stands for. */
  mend?: (word: string) => string;
  /** `keysOf`, or one that remembers words. */
  keysOf?: (word: string) => WordKeys | null;
}

/** The terms of a text, in the order in which it has them; those of phrases and shapes stand at the ends. */
export function termsOf(text: string, options: TermOptions = {}): Term[] {
  const { mend, keysOf: keysOfWord = keysOf } = options;
  const { rest, shapes } = takeShapes(text);
  const written = wordsOf(rest);
  const unsaid = foreignStopWords(written);
  const words = mend ? written.map((word) => (unsaid.has(word) ? word : mend(word))) : written;
  const terms = new Map<string, Term>();
  const add = (key: string, weight: number) => {
    const term = terms.get(key);
    if (!term) {
      terms.set(key, { key, weight, count: 1 });
      return;
    }
    term.weight = Math.max(term.weight, weight);
    term.count++;
  };
  const phrases = phrasesIn(words);
  for (const { group } of phrases) add(`~${group}`, weights.group);
  words.forEach((word, at) => {
    const keys = unsaid.has(word) ? null : keysOfWord(word);
    if (!keys) return;
    const inPhrase = phrases.some(({ from, to }) => from <= at && at < to);
    add(keys.stem, inPhrase ? weights.inPhrase : weights.stem);
    if (keys.form !== undefined) add(keys.form, weights.form);
    for (const group of keys.groups) add(group, weights.group);
  });
  for (const shape of shapes) add(`:${shape}`, weights.shape);
  return [...terms.values()];
}

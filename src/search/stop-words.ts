import { deu, eng, fra, ita, nld, pol, por, spa, tur } from "stopword";
import stem from "wink-porter2-stemmer";
import { groupsOf } from "#search/synonyms.js";
import { wordsOf } from "#search/words.js";

/** Courtesies and fillers, which say as little as an article does. */
const fillers = "please pls would need want help me us id im ive lets let just any thing things stuff".split(
  " ",
);

/** Words of the list that tell one job from another: `turn off`, `make public`, `get`. */
const meaningful = ["all", "come", "get", "make", "out", "over", "take", "under", "up"];

const english = new Set(eng);
const stopWords = new Set([...eng, ...fillers].filter((word) => !meaningful.includes(word)));

/** Of other languages, without the words that have synonyms: `neue` tells one job from another. */
const foreign = [deu, fra, ita, nld, pol, por, spa, tur].map(
  (listed) => new Set(listed.flatMap(wordsOf).filter((word) => groupsOf(stem(word)).length === 0)),
);

/** A word that says nothing of the matter: `the`, `of`, `please`. */
export const isStopWord = (word: string) => stopWords.has(word);

const none: ReadonlySet<string> = new Set();

/** The stop words of the language that a text is in, by which of them it has most; none for English. */
export function foreignStopWords(text: readonly string[]): ReadonlySet<string> {
  const countIn = (listed: ReadonlySet<string>) =>
    // A single letter may be what is left of an English genitive.
    text.reduce((count, word) => count + (word.length > 1 && listed.has(word) ? 1 : 0), 0);
  // A single word is no sign of a language.
  if (text.length < 2) return none;
  let [best, count] = [none, countIn(english)];
  for (const listed of foreign) {
    const found = countIn(listed);
    if (found > count) [best, count] = [listed, found];
  }
  return best;
}

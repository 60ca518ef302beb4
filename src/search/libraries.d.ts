declare module "stopword" {
  /** Words of English that carry no meaning of their own. */
  export const eng: string[];
}

declare module "wink-porter2-stemmer" {
  /** The stem of a word in lower case: `issu` of `issues`. */
  export default function stem(word: string): string;
}

declare module "stopword" {
  /** Words that carry no meaning of their own, by language (ISO 639-3). */
  export const deu: string[];
  export const eng: string[];
  export const fra: string[];
  export const ita: string[];
  export const nld: string[];
  export const pol: string[];
  export const por: string[];
  export const spa: string[];
  export const tur: string[];
}

declare module "wink-porter2-stemmer" {
  /** The stem of a word in lower case: `issu` of `issues`. */
  export default function stem(word: string): string;
}

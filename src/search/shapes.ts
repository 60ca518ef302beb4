import stem from "wink-porter2-stemmer";
import { groupsOf } from "#search/synonyms.js";
import { wordsOf } from "#search/words.js";

/** Things that are known by how they are written, whatever their letters are. */
export const shapes = [
  "url",
  "mail_address",
  "handle",
  "channel",
  "issue",
  "repository",
  "number",
  "time",
  "hash",
  "quotation",
] as const;

export type Shape = (typeof shapes)[number];

/** Each takes away its matches, so that the more special ones come first. */
const patterns: [Shape, RegExp][] = [
  ["url", /\bhttps?:\/\/\S+|\b[\w-]+\.(?:com|org|net|io|dev)\b(?:\/\S*)?(?<!@\S*)/gi],
  ["mail_address", /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ["handle", /(?<![\w.])@[a-z][\w.-]*/gi],
  ["channel", /(?<![\w/])#[a-z][\w-]*/gi],
  ["issue", /(?<![\w/])[\w.-]+\/[\w.-]+#\d+/g],
  ["repository", /(?<![\w/.])[a-z0-9][\w-]*\/[\w.-]*\w(?![\w/])/gi],
  ["number", /#\d+\b/g],
  ["time", /\b\d{1,2}(?::\d\d)? ?[ap]m\b|\b\d{1,2}:\d\d\b/gi],
  ["hash", /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b/g],
  ["quotation", /"[^"]{3,}"|“[^”]{3,}”/g],
];

/** The characters without which nothing has a shape: most texts have none of them. */
const perhaps = /[/@#:"“\d]|\.[a-z]/i;

/** The words in an address that a person would say, `github` and `issues`, without the names of what is there. */
function spokenParts(url: string): string[] {
  const [host = "", ...path] = url.replace(/^https?:\/\//i, "").split("/");
  const hostNames = host.split(".").filter((part) => !/^(?:www|com|org|net|io|dev)$/i.test(part));
  const things = path.map((part) => (part === "pull" ? "pull request" : part)).filter(isThing);
  return [...hostNames, ...things];
}

const isThing = (part: string) =>
  wordsOf(part).some((word) => groupsOf(stem(word)).length > 0) && /^[a-z _-]+$/i.test(part);

/** Takes what has a shape out of a text. Of an address the words in it stay. */
export function takeShapes(text: string): { rest: string; shapes: Set<Shape> } {
  const found = new Set<Shape>();
  if (!perhaps.test(text)) return { rest: text, shapes: found };
  const rest = patterns.reduce(
    (left, [shape, pattern]) =>
      left.replace(pattern, (match) => {
        found.add(shape);
        return shape === "url" ? ` ${spokenParts(match).join(" ")} ` : " ";
      }),
    text,
  );
  return { rest, shapes: found };
}

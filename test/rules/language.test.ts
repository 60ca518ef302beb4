import ts from "typescript";
import { expect, it } from "vitest";
import { commentsOf, isTest, nodesOf, readModules, readSources } from "./sources.js";

const sources = [...readSources("src", "web/src", "bench", "scripts"), ...readModules("scripts")];

/** Names are the field's terms, as docs/glossary.md has them: these have a better one. */
const better = new Map([
  ["most", "max"],
  ["longest", "max"],
  ["deepest", "maxDepth"],
  ["least", "min"],
  ["shortest", "min"],
  ["told", "what it holds, such as report or answer"],
  ["gone", "what has ended, such as disconnected or notFound"],
  ["over", "ended, or a verb such as onEnd"],
  ["anew", "a verb such as renew or retry"],
  ["wish", "request"],
  ["trouble", "error, or the reason"],
  ["complaint", "issue, problem or error"],
  ["complain", "report"],
  ["wanted", "what is requested, required or expected, such as scopes or version"],
  ["words", "what the words make, such as query, args, label or message"],
  ["fault", "issue, problem or error"],
  ["faults", "issues, problems or errors"],
]);
/** Files in which a name is the right one, each with its reason. One that is not needed any more fails. */
const exceptions: Record<string, string> = {
  "src/search/ask-index.ts words": "the words of a question, which it weighs",
  "src/search/dictionary.ts words": "the words of texts, which it keeps",
  "src/search/sort-in-turns.ts words": "the words of the dictionary, which it sorts",
  "src/search/spelling.ts words": "the words that are known, to which it mends",
  "src/search/synonyms.ts words": "the words of texts, in which it looks for synonyms",
  "src/search/terms.ts words": "the words of a text, which it makes terms of",
  "src/search/text-index.ts words": "the words of texts and questions, which it compares",
};
/** These are no better at the beginning of a name: `maxDays`, not `mostDays`. */
const bound = /^(most|longest|deepest|least|shortest)(?=[A-Z])/;

/** A sentence that begins with a clause in the place of its subject, unless it is a question. */
const withoutSubject = /(?<=^|[.:;!?)] )(?:Who|What|Whoever|Whatever|Whose) [^.?!]*(?:[.!]|$)/g;

const worse = sources
  .filter((source) => !isTest(source))
  .flatMap(({ file, tree }) => nodesOf(tree).map((node) => ({ file, name: declaredName(node) ?? "" })))
  .flatMap(({ file, name }) => {
    const found = better.get(name) ?? better.get(bound.exec(name)?.[1] ?? "");
    return found === undefined ? [] : [{ file, name, found }];
  });
const sentences = sources.flatMap((source) =>
  commentsOf(source)
    .flatMap((comment) => comment.match(withoutSubject) ?? [])
    .map((sentence) => ({ file: source.file, sentence })),
);

it("nothing is declared by a name that has a better one in the glossary", () => {
  const excepted = ({ file, name }: { file: string; name: string }) => `${file} ${name}` in exceptions;
  const refused = worse.filter((it) => !excepted(it));
  expect(refused.map(({ file, name, found }) => `${file}: ${name}: ${found}`)).toEqual([]);
  const places = worse.map(({ file, name }) => `${file} ${name}`);
  expect(Object.keys(exceptions).filter((place) => !places.includes(place))).toEqual([]);
});

it("a sentence of a comment begins with its subject, not with who or what", () => {
  expect(sentences.map(({ file, sentence }) => `${file}: ${sentence}`)).toEqual([]);
});

it.each([
  ["What is packed is done.", 1],
  ["A file. Whoever has it may read it.", 1],
  ["Whose key it is", 1],
  ["Who may make an account? Everybody.", 0],
  ["Names: what they may have.", 0],
])("the comment %j has %i sentences that begin with who or what", (comment, count) => {
  expect(comment.match(withoutSubject) ?? []).toHaveLength(count);
});

/** Undefined for a node that declares nothing. Properties are left out, since the wire has some of them. */
function declaredName(node: ts.Node): string | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isClassDeclaration(node);
  return declares && node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
}

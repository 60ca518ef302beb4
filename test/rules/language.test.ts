import ts from "typescript";
import { expect, it } from "vitest";
import { isTest, nodesOf, readSources } from "./sources.js";

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
]);
/** These are no better at the beginning of a name: `maxDays`, not `mostDays`. */
const bound = /^(most|longest|deepest|least|shortest)(?=[A-Z])/;

it("nothing is declared by a name that has a better one in the glossary", () => {
  const declared = readSources("src", "bench", "scripts")
    .filter((source) => !isTest(source))
    .flatMap(({ file, tree }) => nodesOf(tree).flatMap((node) => ({ file, name: declaredName(node) })));
  const worse = declared.flatMap(({ file, name = "" }) => {
    const found = better.get(name) ?? better.get(bound.exec(name)?.[1] ?? "");
    return found === undefined ? [] : [`${file}: ${name}: ${found}`];
  });
  expect(worse).toEqual([]);
});

/** Undefined for what declares none. Properties are left out, since the wire has some of them. */
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

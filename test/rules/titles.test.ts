import ts from "typescript";
import { expect, it } from "vitest";
import { isTest, nodesOf, readSources } from "./sources.js";

/**
 * A title of a test is read alone, in a red line: it is a whole sentence that begins with its subject.
 * A `describe` is the noun for the thing described, and not the beginning of the sentences in it.
 */

const minWords = 4;

/** What stands between the name of a function and its title. */
const modifiers = ["each", "for", "only", "skip", "skipIf", "runIf", "todo", "fails", "concurrent"];

/** No subject begins with one of these. Nouns that are verbs as well, such as names, are left out where one does. */
const noSubject = new Set(
  [
    // Prepositions and conjunctions.
    "about above after against also although and as at because before below beside between but by down",
    "during either even for from if in inside into like neither nor of off on once only onto or out outside",
    "over per since so than that though through till to under unless until up upon via when where whereas",
    "whether while with within without not then there therefore thus",
    // What stands for something said elsewhere.
    "he him his it its itself she her such their them themselves these they this those",
    "what whatever which whichever who whoever whom whose how why",
    // Verbs, as a subject said elsewhere would have them.
    "am are be can cannot could did do does had has have is may might must shall should was were will would",
    "accept accepts add adds agree agrees allow allows appends applies ask asks become becomes begins",
    "breaks bring brings cancels carries clears closes come comes convert converts copies count counts",
    "creates cuts deletes depends drops encodes escapes exits expires fail fails fills find finds fit fits",
    "follows forgets gets get give gives go goes govern governs grows hands hangs holds ignore ignores",
    "includes installs joins keep keeps knows lead leads learns leave leaves lets locks looks lose loses",
    "make makes mean means merges never opens parses pass passes picks prefers prints puts raise raises",
    "ranks read reads refuse refuses rejects removes renews replaces reports resumes return returns revokes",
    "rolls rotates runs say says seals see sees sends serves set sets shortens sign signs skips sorts",
    "splits starts stay stays stop stops stores survive survives take takes tell tells throw throws",
    "tries trims turns validates wait waits want wants warn warns works write writes yields",
  ].flatMap((line) => line.split(" ")),
);

interface Titled {
  title: string;
  file: string;
  line: number;
  /** The function that it stands in, such as that of its `describe`. */
  within: ts.Node | undefined;
}

const sources = readSources("src", "web/src", "bench", "test").filter(isTest);

const titles = [...titlesOf(["it", "test"]), ...scenarios()];

it("a title of a test begins with its subject and has the words of a sentence", () => {
  const halves = titles.filter(({ title }) => {
    const words = title.split(/\s+/).filter((word) => /[\p{L}%$]/u.test(word));
    return words.length < minWords || noSubject.has(words[0]!.replace(/\W+$/, "").toLowerCase());
  });
  expect(halves.map(show)).toEqual([]);
});

it("a title of a test begins in lower case, but for a name, and ends without a full stop", () => {
  expect(titles.filter(({ title }) => /\.$|^(An?|The|Every|Each|No|All) /.test(title)).map(show)).toEqual([]);
});

it("a title of a test stands once in its describe", () => {
  const twice = titles.filter((one, at) =>
    titles
      .slice(0, at)
      .some(({ title, file, within }) => title === one.title && file === one.file && within === one.within),
  );
  expect(twice.map(show)).toEqual([]);
});

it("a title of a describe is a noun, and not the beginning of the sentences in it", () => {
  const begun = /(:| (about|against|and|as|at|by|from|has|is|of|or|that|to|which|who|whose|with))$/;
  const halves = titlesOf(["describe", "onEachEngine", "inChromium", "describeApi"]).filter(
    ({ title }) => begun.test(title) || noSubject.has(title.split(" ", 1)[0]!),
  );
  expect(halves.map(show)).toEqual([]);
});

function show({ title, file, line }: Titled): string {
  return `${file}:${line}: ${title}`;
}

/** Of the calls of these functions, `.each` and `.skipIf` included. */
function titlesOf(functions: string[]): Titled[] {
  return sources.flatMap(({ tree }) =>
    nodesOf(tree)
      .filter(ts.isCallExpression)
      .filter(({ expression }) => functions.includes(calledName(expression)))
      .flatMap(({ arguments: [first] }) => titledBy(first)),
  );
}

/** `it` for `it.skipIf(…).each(…)`, but not for `it.startsWith`. */
function calledName(called: ts.Node): string {
  if (ts.isIdentifier(called)) return called.text;
  if (ts.isCallExpression(called)) return calledName(called.expression);
  if (ts.isPropertyAccessExpression(called) && modifiers.includes(called.name.text))
    return calledName(called.expression);
  return "";
}

/** Those of requests with what must come of them, which are tests by themselves. */
function scenarios(): Titled[] {
  return sources.flatMap(({ tree }) =>
    nodesOf(tree)
      .filter(ts.isObjectLiteralExpression)
      .filter((node) => initializerOf(node, "expect") !== undefined)
      .flatMap((node) => titledBy(initializerOf(node, "name"))),
  );
}

function initializerOf({ properties }: ts.ObjectLiteralExpression, name: string): ts.Node | undefined {
  const property = properties.find((one) => one.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** None for what is no literal, such as the name of a variable. */
function titledBy(node: ts.Node | undefined): Titled[] {
  if (!node || !(ts.isStringLiteralLike(node) || ts.isTemplateExpression(node))) return [];
  const tree = node.getSourceFile();
  const title = ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : node.text;
  const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return [{ title, file: tree.fileName, line, within: ts.findAncestor(node, ts.isFunctionLike) }];
}

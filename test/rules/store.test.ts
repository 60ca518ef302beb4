import path from "node:path";
import { expect, it } from "vitest";
import { exportedFunctions, isTest, readSources } from "./sources.js";

/** Each function that a file of a table exports. */
const functions = readSources("src/store")
  .filter((source) => path.dirname(source.file) === "src/store" && !isTest(source))
  .flatMap((source) => exportedFunctions(source).map((one) => ({ file: source.file, ...one })));

const factories = functions.filter(({ name }) => name.startsWith("create"));

it("factories of rows and functions of a transaction are found", () => {
  expect(factories.length).toBeGreaterThan(20);
  expect(functions.filter(({ parameters }) => parameters[0] === "Transaction").length).toBeGreaterThan(3);
});

it("rows are made by createXRows in x-rows.ts", () => {
  const misnamed = factories.filter(({ file, name }) => {
    const [, rows] = /^create(\w+Rows)$/.exec(name) ?? [];
    return rows?.toLowerCase() !== path.basename(file, ".ts").replaceAll("-", "");
  });
  expect(misnamed).toEqual([]);
});

it("rows are made of a database, or of what an open transaction can stand in for", () => {
  const others = factories.filter(
    ({ parameters: [first = ""] }) => !["Database", "Queryable"].includes(first),
  );
  expect(others).toEqual([]);
});

it("a database or a transaction is the first argument, and never a bare Kysely", () => {
  const handles = /\b(Database|Queryable|Transaction|Kysely)\b/;
  const strays = functions.filter(({ parameters: [first = "", ...rest] }) =>
    [first.replace(/^(Database|Queryable|Transaction)$/, ""), ...rest].some((type) => handles.test(type)),
  );
  expect(strays).toEqual([]);
});

import { readPath } from "#catalog/body.js";
import type { Endpoint } from "#catalog/integration.js";
import type { View, ViewField } from "#catalog/view.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

/**
 * Issues of an endpoint's file that reads of an answer things which are not in the answer that it shows, with paths
 * into the front matter. A misspelt path would leave a field out of every answer without a word.
 */
export function checkAnswer({ example, views, untrusted, items }: Endpoint): SchemaIssue[] {
  const { answer } = example;
  if (answer === undefined) return [];
  const isList = items === null || Array.isArray(readPath(answer, items));
  return [
    ...(views.readable ? checkView([answer].flat(), views.readable, ["views", "readable"]) : []),
    ...checkPaths(answer, untrusted, ["untrusted"]),
    ...(isList ? [] : [{ path: ["items"], message: `${items} is no list in example.answer` }]),
  ];
}

/** @param objects as many as the answer has in this place; a field has to be in one of them */
function checkView(objects: unknown[], view: View, path: Path): SchemaIssue[] {
  return Object.entries(view).flatMap(([name, field]) => checkField(objects, field, [...path, name]));
}

function checkField(objects: unknown[], { from, each, as, fields }: ViewField, path: Path): SchemaIssue[] {
  const values = from === null ? objects : thereAt(objects, from);
  if (values.length === 0) return [isMissing(path, from!)];
  const items = each === null ? values : thereAt(values, each);
  if (items.length === 0) return [isMissing(path, each!)];
  // A decoder makes objects of its own.
  return fields === null || as !== null ? [] : checkView(items, fields, [...path, "fields"]);
}

/** Lists are mapped through. */
function thereAt(values: unknown[], path: string): unknown[] {
  return values.flatMap((value) => readPath(value, path) ?? []);
}

const isMissing = (path: Path, name: string): SchemaIssue => ({
  path,
  message: `reads ${name}, which example.answer does not have`,
});

function checkPaths(answer: unknown, paths: readonly string[], at: Path): SchemaIssue[] {
  return paths.flatMap((path, index) =>
    isThere(answer, path) ? [] : [{ path: [...at, index], message: `${path} is not in example.answer` }],
  );
}

/** Lists are mapped through at any step, as on the wire where fields are picked. */
function isThere(answer: unknown, path: string): boolean {
  const found = path.split(".").reduce((values, step) => thereAt(values, step), [answer].flat());
  return found.length > 0;
}

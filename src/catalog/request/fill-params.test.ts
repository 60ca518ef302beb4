import { expect, test } from "vitest";
import { readPath } from "#catalog/body.js";
import { fillParams } from "#catalog/request/fill-params.js";

/** Templates of steps become params, with values in place of braces. */

const values = {
  title: "Bug",
  empty: "",
  nothing: null,
  braces: "{title}",
  list: { items: [{ id: 1 }, { id: 2 }], done: false, zero: 0 },
};
const fill = (templates: Record<string, unknown>) => fillParams(templates, (path) => readPath(values, path));

test.each([
  ["a text without braces", "Bug", "Bug"],
  ["a value of another type", 7, 7],
  ["one placeholder alone", "{list.items}", values.list.items],
  ["a number", "{list.zero}", 0],
  ["a flag", "{list.done}", false],
  ["an empty text", "{empty}", ""],
  ["an item of a list", "{list.items.1.id}", 2],
  ["an item chosen by a field", "{list.items.id=2}", { id: 2 }],
  ["a longer text", "{title} {list.items.0.id}: {list.done}", "Bug 1: false"],
  ["the first that is there", "{lost|nothing|empty|title}", "Bug"],
  ["the first that is there, in a text", "a {lost|title}", "a Bug"],
  ["empty text, where there is nothing better", "{lost|empty}", ""],
  ["a value with braces in it", "{braces} {title}", "{title} Bug"],
  [
    "places within lists and objects",
    [{ a: "{title}", b: ["{lost}", "{list.zero}"] }],
    [{ a: "Bug", b: [0] }],
  ],
])("a template may be %s", (_, template, value) => {
  expect(fill({ it: template }).params).toEqual({ it: value });
});

test.each([
  ["{lost}", ["lost"]],
  ["{nothing}", ["nothing"]],
  ["{lost|nothing}", ["lost|nothing"]],
  ["a {title} {lost} {nothing}", ["lost", "nothing"]],
  ["a {list.items}", ["list.items"]],
])("%s leaves its param out, and is named", (template, missing) => {
  expect(fill({ it: template, other: 1 })).toEqual({ params: { other: 1 }, missing });
});

test("an alternative is not read when one before it is there", () => {
  const read: string[] = [];
  fillParams({ it: "{title|list}" }, (path) => {
    read.push(path);
    return readPath(values, path);
  });
  expect(read).toEqual(["title"]);
});

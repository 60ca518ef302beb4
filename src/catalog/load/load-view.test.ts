import { expect, test } from "vitest";
import { loadCatalog } from "#catalog/load/load.js";
import { viewPaths } from "#catalog/view.js";
import { acme, problemsIn, withFiles } from "#support/catalog-fixtures.js";

const file = "acme/endpoints/items/list_items.md";

/** Acme with these views in the front matter of an endpoint, each line of which is one of the file. */
function withViews(views: string): Record<string, string> {
  return { ...acme, [file]: acme[file]!.replace("returns: ", `${views}\nreturns: `) };
}

test("a view is read, and says which fields it has", () => {
  const files = withViews(`views:
  readable:
    id: data.id
    kinds: { from: items.kind=x.list, each: name, join: ", " }
    group: { fields: { a: a, b: { from: b, as: html } } }
    mail: { from: payload, as: mime_tree, fields: { text: text } }
    more: { from: payload, as: mime_tree, flatten: true }`);
  const { views } = withFiles(files, (dir) => loadCatalog({ dirs: [dir], baseUrls: {} })).endpoint(
    "acme",
    "list_items",
  );
  const nothing = { from: null, each: null, as: null, fields: null, join: null, flatten: false };
  expect(views.readable).toMatchObject({
    id: { ...nothing, from: "data.id" },
    kinds: { ...nothing, from: "items.kind=x.list", each: "name", join: ", " },
    group: { ...nothing, fields: { a: { ...nothing, from: "a" }, b: { from: "b", as: "html" } } },
  });
  expect(viewPaths(views.readable!).slice(0, 7)).toEqual([
    "id",
    "kinds",
    "group.a",
    "group.b",
    "mail.text",
    "from",
    "to",
  ]);
});

test.each([
  ["{ readible: { id: id } }", "views.readible: is unknown. Did you mean readable?"],
  ["{ readable: { id: id }, short: { id: id } }", "views.short: is unknown."],
  ["{}", "views.readable: is required"],
  ["7", "views: must be an object, not a number"],
  ["{ readable: {} }", "views.readable: must NOT have fewer than 1 properties"],
  ["{ readable: id }", "views.readable: must be an object, not a string"],
  ["{ readable: { id: 7 } }", "views.readable.id: must be a string or an object, not a number"],
  ["{ readable: { id: null } }", "views.readable.id: must be a string or an object, not null"],
  ["{ readable: { id: [a, b] } }", "views.readable.id: must be a string or an object, not an array"],
  ['{ readable: { id: "" } }', "views.readable.id: must match pattern"],
  ["{ readable: { id: a..b } }", "views.readable.id: must match pattern"],
  ["{ readable: { no-name: id } }", "views.readable.no-name: is not a valid name"],
  ["{ readable: { __proto__: id } }", "views.readable.__proto__: is not a valid name"],
  ["{ readable: { id: {} } }", "views.readable.id: says where its value is: from, as or fields"],
  ["{ readable: { id: { join: x } } }", "views.readable.id: says where its value is"],
  ["{ readable: { id: { form: id } } }", "views.readable.id.form: is unknown. Did you mean from?"],
  ["{ readable: { id: { from: 7 } } }", "views.readable.id.from: must be a string, not a number"],
  [
    "{ readable: { id: { from: id, each: { a: a } } } }",
    "views.readable.id.each: must be a string, not an object",
  ],
  [
    "{ readable: { id: { from: id, as: base64ur } } }",
    "views.readable.id.as: must be one of base64url, html, mime_tree, reply_headers, document_tree. Did you mean base64url?",
  ],
  ["{ readable: { id: { from: id, as: toString } } }", "views.readable.id.as: must be one of"],
  ["{ readable: { id: { from: id, flatten: yes please } } }", "views.readable.id.flatten: must be a boolean"],
  ["{ readable: { id: { from: id, flatten: true } } }", "views.readable.id.flatten: is for an object"],
  [
    "{ readable: { id: { from: id, as: html, flatten: true } } }",
    "views.readable.id.flatten: is for an object",
  ],
  [
    "{ readable: { id: { from: id, as: html, fields: { a: a } } } }",
    "views.readable.id.fields: html gives a text, which has no fields",
  ],
  [
    "{ readable: { id: { from: id, fields: { a: a }, join: x } } }",
    "views.readable.id.join: is for a list of texts or numbers",
  ],
  ["{ readable: { id: { from: id, as: mime_tree, join: x } } }", "views.readable.id.join: is for a list"],
  [
    "{ readable: { id: { from: id, fields: { a: { from: a, fields: { b: { form: b } } } } } } }",
    "views.readable.id.fields.a.fields.b.form: is unknown. Did you mean from?",
  ],
  [
    "{ readable: { a: { fields: { a: { fields: { a: { fields: { a: { fields: { a: a } } } } } } } } } }",
    "views.readable.a.fields.a.fields.a.fields.a.fields: is unknown.",
  ],
])("a problem of the views %s is reported with its line", (views, expected) => {
  const files = withViews(`views: ${views}`);
  const line = files[file]!.split("\n").findIndex((text) => text.startsWith("views:")) + 1;
  expect(problemsIn(files).join("\n")).toContain(`${file}:${line}: ${expected}`);
});

test("all problems of a view are reported at once, each with its line", () => {
  const files = withViews(`views:
  readable:
    a: { from: a, as: html, flatten: true }
    b: { from: b, fields: { c: c }, join: x }
    d: {}`);
  const line = files[file]!.split("\n").indexOf("views:") + 1;
  expect(problemsIn(files)).toEqual([
    expect.stringContaining(`${file}:${line + 2}: views.readable.a.flatten: `),
    expect.stringContaining(`${file}:${line + 3}: views.readable.b.join: `),
    expect.stringContaining(`${file}:${line + 4}: views.readable.d: `),
  ]);
});

test("a param cannot have the name of the flag that asks for a view", () => {
  const files = { ...acme, [file]: acme[file]!.replace("done: {", "view: {") };
  expect(problemsIn(files).join("\n")).toContain("params.view: is a reserved name: take another");
});

import Type from "typebox";
import { expect, it } from "vitest";
import { type Schema, schemaInWords } from "#http/schema-words.js";

const one = Type.Object({ id: Type.String({ description: "UUID" }), note: Type.Optional(Type.String()) });
const fields = "<ul><li><code>id</code> string: UUID</li><li><code>note</code> string, optional</li></ul>";

it.each<[Schema, string]>([
  [
    Type.String({ minLength: 1, maxLength: 64, description: "A & B" }),
    "string, 1 to 64 characters: A &#38; B",
  ],
  [Type.String({ minLength: 1, format: "date-time" }), "string, 1 or more characters, date-time"],
  [Type.Integer({ minimum: 0, maximum: 9, default: 3 }), "integer, 0 to 9, 3 if left out"],
  [Type.Union([Type.String(), Type.String(), Type.Null()]), "string or null"],
  [Type.Union([Type.Literal("a"), Type.Literal(false)]), "&#34;a&#34; or false"],
  [Type.Array(Type.Array(Type.Boolean()), { maxItems: 5 }), "list of list of boolean, up to 5 items"],
  [Type.Record(Type.String(), Type.Integer()), "object with values of integer"],
  [Type.Unknown() as Schema, "anything"],
  [one, fields],
  [Type.Array(one), `list of object${fields}`],
  [Type.Record(Type.String(), one), `object with values of object${fields}`],
  [Type.Union([one, Type.Null()]), `object or null${fields}`],
  [Type.Union([one, one]), `object${fields}${fields}`],
  [Type.Object({ one }), `<ul><li><code>one</code> ${fields}</li></ul>`],
])("a schema is described in words: %#", (schema, words) => {
  expect(schemaInWords(schema).toString()).toBe(words);
});

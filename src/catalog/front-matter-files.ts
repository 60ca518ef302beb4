import Type from "typebox";
import { closed, dottedPath, line, text } from "#catalog/front-matter-parts.js";

/** Parts of endpoint files that are about files. @see front-matter.ts */

const mediaRange = text({ pattern: "^[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.+-]+|\\*)$" });

/** Keywords of a param with `format: file`. */
export const fileKeywords = {
  accept: Type.Optional(Type.Array(mediaRange, { minItems: 1, uniqueItems: true })),
  max_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
};

/** Where the file lies in an answer that is JSON. */
export const answerFile = closed({
  path: dottedPath(),
  encoding: Type.Enum(["base64", "text"]),
  name: Type.Optional(line()),
  name_path: Type.Optional(dottedPath()),
  size_path: Type.Optional(dottedPath()),
});

export type AnswerFileYaml = Type.Static<typeof answerFile>;

/** A file of the worked example, by its handle. */
export const exampleFile = Type.Object(
  {
    name: text(),
    media_type: text(),
    text: Type.Optional(Type.String()),
    base64: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

import Type from "typebox";
import { closed, day, line } from "#catalog/front-matter-parts.js";
import { endpointNameForm } from "#catalog/names.js";

/** Words of an endpoint file about other names of it, and its end. */

export const formerly = Type.Array(Type.String({ pattern: endpointNameForm.source }), {
  minItems: 1,
  uniqueItems: true,
});

export const deprecated = closed({
  on: Type.Optional(day()),
  instead: Type.Optional(line()),
  text: Type.Optional(line()),
});

import type { GraphQLInputType } from "graphql";
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql/type/definition.js";
import type { ParamSchema } from "#catalog/schema.js";
import type { Note } from "#importer/report.js";
import { oneLine } from "#importer/text.js";

/** Schemas of one param; filters have each other in themselves. */
const maxSchemas = 100;
const maxValues = 200;
const maxDescription = 200;

/** Scalars that are plain values of JSON; any value is taken for others. */
const scalars: Readonly<Record<string, string>> = {
  ID: "string",
  String: "string",
  Int: "integer",
  Float: "number",
  Boolean: "boolean",
};

/** The schema of a value that an argument, or a field of an input object, takes. */
export function inputSchema(type: GraphQLInputType, context: InputContext): ParamSchema {
  return carry(type, 0, { ...context, left: { schemas: maxSchemas } });
}

export interface InputContext {
  /** Input objects within each other that are carried; what is deeper may be anything. */
  maxDepth: number;
  note: Note;
}

function carry(
  type: GraphQLInputType,
  depth: number,
  carrying: InputContext & { left: { schemas: number } },
): ParamSchema {
  const { left, maxDepth, note } = carrying;
  left.schemas -= 1;
  if (isNonNullType(type)) return carry(type.ofType, depth, carrying);
  if (isListType(type)) return { type: "array", items: carry(type.ofType, depth, carrying) };
  if (isEnumType(type)) {
    const values = type
      .getValues()
      .filter((it) => it.deprecationReason == null)
      .map((it) => it.name);
    return { type: "string", ...(values.length > 0 && values.length <= maxValues ? { enum: values } : {}) };
  }
  if (!isInputObjectType(type)) return type.name in scalars ? { type: scalars[type.name]! } : {};
  if (depth >= maxDepth || left.schemas < 0) {
    note("schemas are cut: deeper within them, any value is taken");
    return { type: "object" };
  }
  const fields = Object.values(type.getFields()).filter(
    (it) => it.deprecationReason == null || isRequiredInputField(it),
  );
  const required = fields.filter(isRequiredInputField).map((it) => it.name);
  const properties = fields.map((field): [string, ParamSchema] => {
    const description = oneLine(field.description, maxDescription);
    const schema = carry(field.type, depth + 1, carrying);
    return [field.name, description === "" ? schema : { ...schema, description }];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
  };
}

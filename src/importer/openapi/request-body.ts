import type { ParamSchema } from "#catalog/schema.js";
import type { JsonObject } from "#importer/json-object.js";
import { asObject, asTexts } from "#importer/json-object.js";
import type { Naming } from "#importer/openapi/param-names.js";
import { carrySchema } from "#importer/openapi/schema.js";
import { Unsupported } from "#importer/openapi/unsupported.js";
import type { References } from "#importer/read/references.js";
import { oneLine } from "#importer/text.js";
import type { Request } from "#importer/write/front-matter.js";

const maxDescription = 300;
/** Fields of a body as params; more would not be read. */
const maxFields = 80;

type Body = Pick<Request, "body" | "media_type" | "body_root" | "constants">;

/**
 * The body of an operation, in the first of its media types that can be written.
 *
 * @throws Unsupported when there is none
 */
export function carryBody(body: JsonObject, naming: Naming, references: References): Body {
  const content = asObject(body.content);
  const type = chooseType(Object.keys(content));
  const { schema } = asObject(content[type]);
  const isRequired = body.required === true;
  if (isForm(type)) return carryFields(carrySchema(schema, references), "form", naming);
  if (isMultipart(type)) return carryParts(schema, naming, references);
  if (!isJson(type)) return carryRaw(type, references.follow(schema), isRequired, naming);
  const carried = carrySchema(schema, references);
  return isFlat(carried) ? carryFields(carried, undefined, naming) : carryRoot(carried, isRequired, naming);
}

const isJson = (type: string) => /^application\/([\w.-]+\+)?json\b|^\*\/\*$/i.test(type);
const isForm = (type: string) => /^application\/x-www-form-urlencoded\b/i.test(type);
const isMultipart = (type: string) => /^multipart\/form-data\b/i.test(type);

function chooseType(offered: string[]): string {
  const found = [isJson, isForm, isMultipart]
    .map((fits) => offered.find(fits))
    .find((it) => it !== undefined);
  const type = found ?? offered[0]!;
  if (/^multipart\//i.test(type) && !isMultipart(type)) throw new Unsupported(`its body is ${type}`);
  return type;
}

/** A dot in the name of a field would lead into an object. */
function isFlat({ type, properties, anyOf }: ParamSchema): boolean {
  const names = Object.keys(properties ?? {});
  return (
    type === "object" &&
    anyOf === undefined &&
    names.length > 0 &&
    names.length <= maxFields &&
    names.every((name) => name !== "" && !name.includes("."))
  );
}

function carryFields(schema: ParamSchema, form: "form" | undefined, naming: Naming): Body {
  for (const [original, field] of Object.entries(schema.properties ?? {})) {
    addField(naming, original, form ? inForm(field) : field, asTexts(schema.required));
  }
  return form ? { body: form } : {};
}

function addField(naming: Naming, original: string, field: ParamSchema, required: string[]): void {
  const name = naming.nameFor(original, "body");
  const { description = original, ...schema } = field;
  naming.params[name] = {
    ...schema,
    ...fieldRequired(schema, required.includes(original)),
    in: "body",
    ...(name === original ? {} : { as: original }),
    description,
  };
}

/** Of an object, the keyword lists its required fields, and so it cannot say that it is required itself. */
function fieldRequired({ required }: ParamSchema, isRequired: boolean): { required?: boolean | string[] } {
  if (Array.isArray(required)) return { required };
  return isRequired ? { required: true } : {};
}

/** Lists and objects have brackets in forms. */
function inForm(field: ParamSchema): ParamSchema {
  const types = [field.type ?? []].flat();
  if (types.length === 0 && field.anyOf === undefined) return { ...field, type: "string" };
  const isPlain =
    types.length > 0 && types.every((type) => scalars.includes(type)) && field.anyOf === undefined;
  return isPlain ? field : { ...field, style: "brackets" };
}

const scalars = ["string", "integer", "number", "boolean"];

/** Files go as Base64, and objects as JSON. */
function carryParts(schema: unknown, naming: Naming, references: References): Body {
  const whole = references.follow(schema);
  const carried = carrySchema(schema, references);
  for (const [original, field] of Object.entries(carried.properties ?? {})) {
    const given = references.follow(asObject(whole.properties)[original]);
    addField(naming, original, inParts(field, given), asTexts(carried.required));
  }
  return { body: "multipart" };
}

function inParts(field: ParamSchema, given: JsonObject): ParamSchema {
  const types = [field.type ?? []].flat();
  if (isBinary(given)) return { type: "string", encoding: "base64", ...described(field) };
  const isPlain = types.length > 0 && types.every((type) => scalars.includes(type));
  return isPlain ? field : { ...field, media_type: "application/json" };
}

const isBinary = ({ type, format, contentMediaType }: JsonObject) =>
  type === "string" && (format === "binary" || contentMediaType === "application/octet-stream");

const described = ({ description }: ParamSchema) => (description === undefined ? {} : { description });

function carryRoot(schema: ParamSchema, isRequired: boolean, naming: Naming): Body {
  const name = naming.nameFor("body", "body");
  const { description = "The whole body", ...rest } = schema;
  naming.params[name] = { ...rest, ...fieldRequired(rest, isRequired), in: "body", description };
  return { body_root: name };
}

function carryRaw(type: string, schema: JsonObject, isRequired: boolean, naming: Naming): Body {
  const name = naming.nameFor("body", "body");
  const isText = /^text\/|[/+](xml|yaml)\b/i.test(type);
  naming.params[name] = {
    type: "string",
    ...(isText ? {} : { encoding: "base64" }),
    ...(isRequired ? { required: true } : {}),
    in: "body",
    description: oneLine(schema.description, maxDescription) || `The body, ${isText ? "text" : "in Base64"}`,
  };
  return { body: "raw", media_type: mediaTypeOf(type) };
}

/** A range of types is none that can be sent. */
const mediaTypeOf = (type: string) => (/[*]/.test(type) ? "application/octet-stream" : type.toLowerCase());

import type { ParamSchema } from "#catalog/schema.js";
import { fileFormat } from "#core/file-handle.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asText, asTexts } from "#core/json-object.js";
import { asRequired, type Naming } from "#importer/naming/param-names.js";
import { carrySchema, type SchemaContext } from "#importer/openapi/schema.js";
import type { References } from "#importer/read/references.js";
import { oneLine } from "#importer/text.js";
import { Unsupported } from "#importer/unsupported.js";
import type { ParamYaml, Request } from "#importer/write/front-matter.js";

const maxDescription = 300;
/** Fields of a body as params; more would not be read. */
const maxFields = 80;

type Body = Pick<Request, "body" | "media_type" | "body_root" | "constants">;

/**
 * The body of an operation, in the first of its media types that can be written.
 *
 * @throws Unsupported when there is none
 */
export function carryBody(body: JsonObject, naming: Naming, context: SchemaContext): Body {
  const content = asObject(body.content);
  const type = chooseType(content, context);
  const media = asObject(content[type]);
  const isRequired = body.required === true;
  if (isForm(type)) return carryFields(carrySchema(media.schema, context), "form", naming);
  if (isMultipart(type)) return carryParts(media, naming, context);
  if (!isJson(type))
    return carryRaw(Object.keys(content), type, context.references.follow(media.schema), isRequired, naming);
  if (!/^(application\/json\b|\*)/i.test(type))
    context.note("the media type of a body of JSON: it is sent as application/json");
  const carried = carrySchema(media.schema, context);
  return isFlat(carried) ? carryFields(carried, undefined, naming) : carryRoot(carried, isRequired, naming);
}

const isJson = (type: string) => /^application\/([\w.-]+\+)?json\b|^\*\/\*$/i.test(type);
const isForm = (type: string) => /^application\/x-www-form-urlencoded\b/i.test(type);
const isMultipart = (type: string) => /^multipart\/form-data\b/i.test(type);

/** Only a multipart body can have files. */
function chooseType(content: JsonObject, { references }: SchemaContext): string {
  const offered = Object.keys(content);
  const multipart = offered.find(isMultipart);
  const fields =
    multipart === undefined
      ? {}
      : asObject(references.follow(asObject(content[multipart]).schema).properties);
  const hasFiles = Object.values(fields).some((it) => fileKind(references.follow(it), references) !== null);
  const order = hasFiles ? [isMultipart] : [isJson, isForm, isMultipart];
  const found = order.map((isOfKind) => offered.find(isOfKind)).find((it) => it !== undefined);
  const type = found ?? offered[0]!;
  if (/^multipart\//i.test(type) && !isMultipart(type)) {
    throw new Unsupported(`bodies of the kind ${type.slice(0, 60).toLowerCase()} cannot be written`);
  }
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
  const { description = oneLine(original, 100), ...schema } = field;
  naming.params[name] = {
    ...(required.includes(original) ? asRequired(schema) : schema),
    in: "body",
    ...(name === original ? {} : { as: original }),
    description,
  } as ParamYaml;
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

/** Objects go as JSON. */
function carryParts({ schema, encoding }: JsonObject, naming: Naming, context: SchemaContext): Body {
  const { references } = context;
  const whole = references.follow(schema);
  const carried = carrySchema(schema, context);
  for (const [original, field] of Object.entries(carried.properties ?? {})) {
    const kind = fileKind(references.follow(asObject(whole.properties)[original]), references);
    const { contentType } = asObject(asObject(encoding)[original]);
    const part =
      kind === null
        ? inParts(field)
        : { ...fileParam(kind, asText(contentType).split(",")), ...described(field) };
    addField(naming, original, part, asTexts(carried.required));
  }
  return { body: "multipart" };
}

type FileKind = "file" | "files";

/** @see OpenAPI Specification 3.1, Considerations for File Uploads */
function fileKind(
  { type, format, contentMediaType, contentEncoding, items }: JsonObject,
  references: References,
): FileKind | null {
  if (type === "array") return fileKind(references.follow(items), references) === "file" ? "files" : null;
  const isBytes =
    contentEncoding === undefined &&
    typeof contentMediaType === "string" &&
    !/json|^text\//.test(contentMediaType);
  return type === "string" && (format === "binary" || isBytes) ? "file" : null;
}

/** @param offered media types that are taken */
function fileParam(kind: FileKind, offered: readonly string[]): ParamSchema {
  const ranges = offered.map((it) => it.trim().toLowerCase().replace(/;.*$/, ""));
  const accept = ranges.filter(
    (it) => /^[a-z0-9!#$&^_.+-]+\/([a-z0-9!#$&^_.+-]+|\*)$/.test(it) && it !== "application/octet-stream",
  );
  const isAny = accept.length < ranges.length || accept.length === 0;
  const file = { type: "string", format: fileFormat };
  return {
    ...(kind === "file" ? file : { type: "array", items: file }),
    ...(isAny ? {} : { accept: [...new Set(accept)] }),
  };
}

function inParts(field: ParamSchema): ParamSchema {
  const types = [field.type ?? []].flat();
  const isPlain =
    types.length > 0 && field.anyOf === undefined && types.every((type) => scalars.includes(type));
  const items = [field.items?.type ?? []].flat();
  const isList =
    types.join() === "array" && items.length > 0 && items.every((type) => scalars.includes(type));
  return isPlain || isList ? field : { ...field, media_type: "application/json" };
}

const described = ({ description }: ParamSchema) => (description === undefined ? {} : { description });

function carryRoot(schema: ParamSchema, isRequired: boolean, naming: Naming): Body {
  const name = naming.nameFor("body", "body");
  const { description = "The whole body", ...rest } = schema;
  const needs = isRequired || Array.isArray(rest.required);
  naming.params[name] = { ...(needs ? asRequired(rest) : rest), in: "body", description } as ParamYaml;
  return { body_root: name };
}

function carryRaw(
  offered: readonly string[],
  type: string,
  schema: JsonObject,
  isRequired: boolean,
  naming: Naming,
): Body {
  const name = naming.nameFor("body", "body");
  const isText = /^text\/|[/+](xml|yaml)\b/i.test(type);
  const description =
    oneLine(schema.description, maxDescription) || `The body, ${isText ? "as text" : "a file"}`;
  const value = isText ? { type: "string" } : fileParam("file", offered);
  naming.params[name] = { ...value, ...(isRequired ? { required: true } : {}), in: "body", description };
  // The media type of a file is its own, unless there is only one.
  const isOne = offered.length === 1 && /^[\w.+-]+\/[\w.+-]+$/.test(type);
  return {
    body: "raw",
    ...(isText || isOne ? { media_type: isText && !isOne ? "text/plain" : type.toLowerCase() } : {}),
  };
}

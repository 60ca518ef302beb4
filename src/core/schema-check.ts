import { Ajv, type AnySchemaObject, type ErrorObject, type Options } from "ajv";
import addFormats from "ajv-formats";
import { maxIssues } from "#core/errors.js";
import { fileFormat, fileHandle } from "#core/file-handle.js";
import { didYouMean } from "#core/suggest.js";

export type Path = readonly (string | number)[];

/** Something wrong with a value, and its place in it. */
export interface SchemaIssue {
  path: Path;
  message: string;
}

/** Gives the issues of a value, at most `maxIssues`; none when it fits the schema. */
export type Check = (value: unknown) => SchemaIssue[];

const options: Options = {
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  verbose: true,
  ownProperties: true,
  addUsedSchema: false,
  code: { optimize: false },
};

/** Values in which all issues are looked for: of larger ones, the first is reported. */
const maxExamined = 10_000;

export interface SchemaOptions extends Pick<Options, "coerceTypes"> {
  /** Regular expressions for patterns, in place of those of JavaScript. */
  regExp?: NonNullable<Options["code"]>["regExp"];
}

/** One Ajv for many schemas. Compiling throws when a schema is not strict JSON Schema. */
export function createSchemaCompiler({ regExp, ...more }: SchemaOptions = {}): (schema: object) => Check {
  const code = { ...options.code, ...(regExp && { regExp }) };
  const createAjv = (allErrors: boolean) =>
    addFormats.default(new Ajv({ ...options, ...more, code, allErrors })).addFormat(fileFormat, fileHandle);
  const first = createAjv(false);
  let all: ReturnType<typeof createAjv> | undefined;
  return (schema) => {
    const validate = first.compile(schema);
    return (value) => {
      if (validate(value)) return none;
      // Each issue is an object, and a value that is wrong everywhere has as many as it has parts.
      if (isLarge(value)) return toIssues(validate.errors);
      all ??= createAjv(true);
      const explain = all.compile(schema);
      explain(value);
      return toIssues(explain.errors);
    };
  };
}

function isLarge(value: unknown): boolean {
  let left = maxExamined;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const children = Object.values(next);
    left -= children.length;
    if (left < 0) return true;
    open.push(...children);
  }
  return false;
}

const none: SchemaIssue[] = [];

/** That the schema of a condition is not met says nothing beside what in it is not. */
function toIssues(errors: ErrorObject[] | null | undefined): SchemaIssue[] {
  const telling = (errors ?? []).filter(({ keyword }) => keyword !== "if");
  return telling.slice(0, maxIssues).map(toIssue);
}

function toIssue(error: ErrorObject): SchemaIssue {
  const path = pathOf(error.instancePath);
  const { keyword, params, parentSchema } = error;
  if (keyword === "required") return { path: [...path, params.missingProperty], message: "is required" };
  if (keyword === "additionalProperties") {
    const name: string = params.additionalProperty;
    return { path: [...path, name], message: unknownName(name, parentSchema) };
  }
  return { path, message: sentence(error) };
}

function unknownName(name: string, schema: AnySchemaObject | undefined): string {
  const [pattern] = Object.keys(schema?.patternProperties ?? {});
  if (pattern !== undefined) return `is not a valid name: it must match ${pattern}`;
  return `is unknown.${didYouMean(name, Object.keys(schema?.properties ?? {}))}`;
}

function sentence({ keyword, params, data, message }: ErrorObject): string {
  switch (keyword) {
    case "type":
      return `must be ${[params.type].flat().map(article).join(" or ")}, not ${article(typeName(data))}`;
    case "enum":
      return `must be one of ${params.allowedValues.join(", ")}.${suggestion(data, params.allowedValues)}`;
    case "const":
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case "format":
      if (params.format === fileFormat)
        return "must be the handle of a file that was uploaded, such as file_…";
      return `must be ${article(params.format)}`;
    case "minLength":
      return params.limit === 1 ? "must not be empty" : `must have at least ${params.limit} characters`;
    case "maxLength":
      return `must have at most ${params.limit} characters`;
    default:
      return message ?? `breaks the rule ${keyword}`;
  }
}

function suggestion(data: unknown, allowed: unknown[]): string {
  return typeof data === "string" ? didYouMean(data, allowed.map(String)) : "";
}

function article(noun: string): string {
  if (noun === "null") return noun;
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** A JSON Pointer as steps; array indexes stay numbers. */
function pathOf(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
}

import Type from "typebox";
import { pagingKinds } from "#catalog/paging-kinds.js";
import type { Scalar } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";

/** Parts that the JSON Schemas of authors' files share. @see front-matter.ts */

export const closed = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
export const text = (options: { maxLength?: number; pattern?: string } = {}) =>
  Type.String({ minLength: 1, ...options });
export const line = () => text({ pattern: "^[^\\r\\n]*$" });
/** An object with names of the author's choice, within a pattern. */
export const named = <T extends Type.TSchema>(
  pattern: string,
  schema: T,
  options: { minProperties?: number } = {},
) => Type.Record(Type.String({ pattern }), schema, { additionalProperties: false, ...options });
export const word = "^[a-z][a-z0-9_]*$";
export const path = "[^.\\s{}]+(\\.[^.\\s{}]+)*";
export const dottedPath = () => text({ pattern: `^${path}$` });
/** A dotted path, or text with such paths in braces. */
export const accountText = () => text({ pattern: `^(${path}|[^{}]*(\\{${path}\\}[^{}]*)+)$` });
export const request = () => text({ pattern: "^(GET|POST|PUT|PATCH|DELETE) /[^\\s?#]*$" });
export const accountRequest = () => text({ pattern: "^(GET|POST|PUT|PATCH|DELETE) /[^\\s#]*$" });
export const scalar = Type.Unsafe<Scalar>({ type: ["string", "number", "boolean"] });
export const scalarOrList = Type.Unsafe<Scalar | Scalar[]>({
  type: ["string", "number", "boolean", "array"],
  items: { type: ["string", "number", "boolean"] },
  minItems: 1,
});
/** A single value, or a list of such: told apart by type, so that a problem is one of that form. */
export const oneOrMore = <T extends Type.TSchema>(schema: T) =>
  Type.Unsafe<Type.Static<T> | Type.Static<T>[]>({
    ...schema,
    type: [(schema as { type?: string }).type, "array"],
    items: schema,
    minItems: 1,
  });
export const headerName = () => text({ pattern: "^[a-z0-9-]+$" });
export const headers = () => named("^[a-z0-9-]+$", text({ pattern: "^[\\x20-\\x7e]+$" }));
export const bodyMatch = () => named(`^${path}$`, Type.Array(scalar, { minItems: 1 }), { minProperties: 1 });
/** Like `bodyMatch`, but a single value needs no list. */
export const shortMatch = () => named(`^${path}$`, scalarOrList, { minProperties: 1 });
const paramPattern = "^[A-Za-z][A-Za-z0-9_]*$";
const paramName = () => text({ pattern: paramPattern });
/** Params, and where in an answer their values for the next page stand. */
const cursors = () => named(paramPattern, dottedPath(), { minProperties: 1 });
const paging = closed({
  kind: Type.Enum([...pagingKinds]),
  params: Type.Optional(cursors()),
  param: Type.Optional(paramName()),
  url: Type.Optional(dottedPath()),
  id: Type.Optional(dottedPath()),
  first: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(paramName()),
  total: Type.Optional(dottedPath()),
  pages: Type.Optional(dottedPath()),
  more: Type.Optional(dottedPath()),
  last: Type.Optional(dottedPath()),
});
/** With a `kind` the long form, else params alone: told apart first, so that a problem is one of that form. */
export const page = () =>
  Type.Unsafe<Type.Static<typeof paging> | Record<string, string>>({
    type: "object",
    allOf: [
      { if: { required: ["kind"] }, else: cursors() },
      { if: { not: { required: ["kind"] } }, else: paging },
    ],
  });
export const idempotency = closed({ header: text({ pattern: "^[a-z0-9-]+$" }) });
/** A scope, or several of which one suffices. */
export const scopeNeed = Type.Unsafe<ScopeNeed>({
  type: ["string", "array"],
  minLength: 1,
  items: { type: "string", minLength: 1 },
  minItems: 2,
  uniqueItems: true,
});
/** Names and values of a query or a body. */
export const pairs = () => Type.Record(Type.String({ pattern: "^.+$" }), Type.String());
export const method = () => Type.Enum(["GET", "POST", "PUT", "PATCH", "DELETE"]);

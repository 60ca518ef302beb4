import type { EndpointFacts, Placement } from "#catalog/integration.js";
import { FileFacts, joinPieces } from "#catalog/pieces.js";
import { LateText } from "#catalog/request/json-pieces.js";
import { nameSteps } from "#catalog/request/name-steps.js";
import { messageParams, writeMessage } from "#catalog/request/rfc822.js";
import type { Values } from "#catalog/request/values.js";
import type { SchemaIssue } from "#core/schema-check.js";

/** A part of a JSON body: an object of parts, or a value. */
export type BodyPart = BodyFields | BodyValue;

export interface BodyFields {
  fields: Map<string, BodyPart>;
  /** Is written when it has no fields, too. */
  kept: boolean;
  /** The first of those that have put something here, by the words of the file. */
  from: string;
}

interface BodyValue {
  /** Undefined when nothing is to be written. */
  read: (values: Values, issues: SchemaIssue[]) => unknown;
  from: string;
}

/** Called with the name of a param, or of another part of the file, whose place in the body has been taken. */
export type ReportTaken = (from: string, message: string) => void;

type PlacedName = Pick<Placement, "name" | "encode"> & { param: string };

/** Puts the constants and the params of a JSON body into their places, once for an endpoint. */
export function createBodyTree(
  { body, bodyRoot, bodyUnder, constants }: EndpointFacts,
  params: readonly PlacedName[],
  report: ReportTaken = () => {},
): BodyPart {
  if (bodyRoot !== null) return { read: (values) => values[bodyRoot], from: bodyRoot };
  const root = constantFields(constants.body);
  const under = bodyUnder === null ? [] : [bodyUnder];
  const put = (path: string[], part: BodyPart) => {
    const other = place(root, path, part);
    if (other !== undefined) report(part.from, `goes to the same place as ${other}`);
  };
  if (bodyUnder !== null && !root.fields.has(bodyUnder)) put(under, newFields("body_under", true));
  if (body === "rfc822_message") put([...under, "raw"], { read: rawMessage, from: "body" });
  for (const placed of params) {
    if (body === "rfc822_message" && messageParams.includes(placed.param)) continue;
    put([...under, ...nameSteps(placed.name)], valueOfParam(placed));
  }
  return root;
}

/** The value of a part for these params; undefined when nothing is to be written. */
export function writePart(part: BodyPart, values: Values, issues: SchemaIssue[]): unknown {
  if ("read" in part) return part.read(values, issues);
  const written: Values = {};
  let isEmpty = true;
  for (const [name, inner] of part.fields) {
    const value = writePart(inner, values, issues);
    if (value === undefined) continue;
    written[name] = value;
    isEmpty = false;
  }
  return isEmpty && !part.kept ? undefined : written;
}

function valueOfParam({ param, encode }: PlacedName): BodyValue {
  if (encode === null) return { read: (values) => values[param], from: param };
  const encoded = (value: unknown) => {
    if (value instanceof FileFacts) return new LateText(encode, [value]);
    return typeof value === "string" ? Buffer.from(value).toString(encode) : undefined;
  };
  return { read: (values) => encoded(values[param]), from: param };
}

function rawMessage(values: Values, issues: SchemaIssue[]): string | LateText {
  const pieces = writeMessage(values, issues);
  const hasFiles = pieces.length > 1;
  return hasFiles ? new LateText("base64url", pieces) : joinPieces(pieces).toString("base64url");
}

const newFields = (from: string, kept: boolean): BodyFields => ({ fields: new Map(), kept, from });

/** Objects become fields, between which params may stand; lists and texts stay whole. */
function constantFields(value: object): BodyFields {
  const parts = Object.entries(value).map(([name, inner]): [string, BodyPart] => [
    name,
    isObject(inner) ? constantFields(inner) : { read: () => inner, from: "constants" },
  ]);
  return { fields: new Map(parts), kept: true, from: "constants" };
}

/** Puts a part where its path leads; or gives whose that place is. */
function place(root: BodyFields, path: readonly string[], part: BodyPart): string | undefined {
  let at = root;
  for (const step of path.slice(0, -1)) {
    const next = at.fields.get(step) ?? newFields(part.from, false);
    if ("read" in next) return next.from;
    at.fields.set(step, next);
    at = next;
  }
  const name = path.at(-1)!;
  const other = at.fields.get(name);
  if (!other) at.fields.set(name, part);
  return other?.from;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { Endpoint } from "#catalog/integration.js";
import type { View } from "#catalog/view.js";
import { badRequest } from "#core/errors.js";
import { type FieldTree, type Picked, parseFields, pick } from "#core/fields.js";
import { compact, findMember, replaceSpan } from "#core/json-text.js";
import { withHint } from "#gateway/answer-parts.js";
import { cutData, cutText } from "#gateway/cut.js";
import { project } from "#gateway/views/project.js";

/** Characters of a page when the caller does not say how many. */
export const defaultMaxChars = 40_000;

/** The part of an answer that a caller wants, as in the query of a request. */
export interface ShapeRequest {
  /** `a,b.c` */
  fields?: string | undefined;
  max_chars?: number | undefined;
  view?: ViewRequest | undefined;
}

/** More than any answer has: it comes whole, up to the size that is held. */
export const wholeAnswer: ShapeRequest = { max_chars: Number.MAX_SAFE_INTEGER };

/** The answer as it came, the readable view of it, or `auto`: the view where the endpoint has one. */
export type ViewRequest = "raw" | "readable" | "auto";

/** A `ShapeRequest` that has been parsed. */
export interface Shape {
  /** Undefined for the answer as it came. */
  view: View | undefined;
  fields: FieldTree | undefined;
  /** Of the data as JSON; undefined for all of it. */
  maxChars: number | undefined;
}

/** A page of the requested part of an answer. */
export interface Shaped {
  /** As the gateway answers, without `cut`. */
  envelope: string;
  pages: number;
  /** Characters of all pages together, as JSON. */
  totalChars: number;
  /** The part of the whole, for a person or model to read: `Items 1 to 30 of 100`. */
  part: string;
  /** The envelope of all pages, when it has a view and there are several. */
  viewed?: string;
}

/**
 * Undefined when the caller wants all of the answer as it came.
 *
 * @throws bad_request for `fields` that have an empty name, and for a view that the endpoint does not have
 */
export function readShape(request: ShapeRequest, endpoint?: Endpoint): Shape | undefined {
  const { fields, max_chars: maxChars } = request;
  const view = readView(request.view, endpoint);
  if (view === undefined && fields === undefined && maxChars === undefined) return undefined;
  return { view, fields: fields === undefined ? undefined : readFields(fields), maxChars };
}

function readView(name: ViewRequest | undefined, endpoint: Endpoint | undefined): View | undefined {
  if (name === undefined || name === "raw") return undefined;
  const view = endpoint?.views.readable;
  if (view || name === "auto") return view;
  const what = endpoint ? `${endpoint.integration} ${endpoint.name}` : "It";
  throw badRequest([
    {
      at: "query.view",
      message: `${what} has no readable view. Leave view out, or say raw: its answer is as it comes.`,
    },
  ]);
}

function readFields(text: string): FieldTree {
  if (text.split(/[,.]/).every((name) => name.trim() !== "")) return parseFields(text);
  throw badRequest([
    { at: "query.fields", message: "has an empty name in it. Write names with commas between them: a,b.c" },
  ]);
}

/**
 * One page of the requested part of an answer.
 *
 * @param envelope whole, as the gateway answers
 * @throws bad_request when there is no such page
 */
export function shapeAnswer(envelope: string, { view, fields, maxChars }: Shape, number: number): Shaped {
  const raw = compact(envelope);
  const viewed = view && withView(raw, view);
  const json = viewed ?? raw;
  const place = findMember(json, "data")!;
  const data = json.slice(place.from, place.to);
  const { json: requested, warning } = fields
    ? pickFields(json, data, fields)
    : { json: data, warning: undefined };
  const pages = cutData(requested, maxChars ?? Number.POSITIVE_INFINITY);
  if (number > pages.count) throw noSuchPage(pages.count);
  const page = pages.page(number);
  return {
    envelope: withWarning(replaceSpan(json, place, page.data), warning),
    pages: pages.count,
    totalChars: requested.length,
    part: page.part,
    ...(viewed !== undefined && pages.count > 1 && { viewed }),
  };
}

/** Undefined for an error, a refusal, and data that has nothing of what the view reads: they stay as they came. */
function withView(json: string, view: View): string | undefined {
  if (findMember(json, "refused") || isError(json)) return undefined;
  const place = findMember(json, "data")!;
  const projected = project(json.slice(place.from, place.to), view);
  return projected && `${replaceSpan(json, place, projected).slice(0, -1)},"view":"readable"}`;
}

/** The answer as it came, when its view could not be made: fields of the view are not fields of it. */
export function shapeWithoutView(envelope: string, shape: Shape): Shaped {
  if (!shape.view) return shapeAnswer(envelope, shape, 1);
  const shaped = shapeAnswer(envelope, { ...shape, view: undefined, fields: undefined }, 1);
  return { ...shaped, envelope: withWarning(shaped.envelope, noView) };
}

const noView = "The readable view of this answer could not be made: it is as it came.";

function isError(json: string): boolean {
  const status = findMember(json, "status")!;
  return Number(json.slice(status.from, status.to)) >= 400;
}

/**
 * Fields are not picked from a refusal in the service's words. From an error they are, unless none of them is there.
 */
function pickFields(json: string, data: string, fields: FieldTree): Picked {
  const whole = { json: data, warning: undefined };
  if (findMember(json, "refused")) return whole;
  const picked = pick(data, fields);
  if (!isError(json)) return picked;
  return isEmpty(picked.json) ? whole : { ...picked, warning: undefined };
}

/** Nothing is left but the brackets around the fields. */
const isEmpty = (projected: string) => /^[[\]{},]*$/.test(projected);

/**
 * The answer for a body too large to keep: its beginning as text, since fields cannot be found in a part of JSON.
 *
 * @param envelope of more characters than are shown
 */
export function beginningOf(envelope: string, { maxChars = defaultMaxChars }: Shape): string {
  const json = compact(envelope);
  const place = findMember(json, "data")!;
  const beginning = cutText(json.slice(place.from, place.to), maxChars);
  return withCut(replaceSpan(json, place, beginning), {
    result: null,
    page: 1,
    pages: 1,
    total_chars: null,
    expires_at: null,
    message:
      "The call is done, but its answer is larger than 8 MB and is not kept: this is its beginning, as text. To read all of it, ask for less at a time by the params of the endpoint.",
  });
}

/**
 * Stands beside the data, in `hint`. A hint that is there already says how to get past a refusal, and matters more.
 */
function withWarning(envelope: string, message: string | undefined): string {
  if (message === undefined || findMember(envelope, "hint")) return envelope;
  return withHint(envelope, { message });
}

function noSuchPage(pages: number): Error {
  const there = pages === 1 ? "is 1 page" : `are ${pages} pages`;
  return badRequest([
    {
      at: "query.page",
      message: `There ${there} with these fields and this max_chars. Ask for one of them.`,
    },
  ]);
}

/** The facts beside data that is not complete. */
export interface Cut {
  /** Null when the whole was not kept. */
  result: string | null;
  page: number;
  pages: number;
  /** Null when nobody knows. */
  total_chars: number | null;
  expires_at: string | null;
  message: string;
}

export function withCut(envelope: string, cut: Cut): string {
  return `${envelope.slice(0, -1)},"cut":${JSON.stringify(cut)}}`;
}

/** A sentence that says which part this page is, and how to read the next one. */
export function readOn({ pages, part }: Shaped, { fields, maxChars }: Shape, page: number): string {
  if (page === pages) return `${part}: the last page.`;
  const size = maxChars === defaultMaxChars ? "" : ` and max_chars=${maxChars}`;
  const same = fields ? " and the same fields" : "";
  return `${part}. Read on in this result with page=${page + 1}${size}${same}, or ask for fewer fields.`;
}

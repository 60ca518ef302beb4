import type { JsonObject } from "#core/json-object.js";
import { asObject } from "#core/json-object.js";
import type { Answer } from "#importer/openapi/answers.js";
import type { References } from "#importer/read/references.js";
import type { ParamYaml } from "#importer/write/front-matter.js";

/** How a list goes on, as front matter has it. */
export interface ImportedPaging {
  page: object | null;
  /** Dotted path of the list; null when the answer itself is the list. */
  items: string | null;
}

const none: ImportedPaging = { page: null, items: null };

/** Params that take a cursor, and the fields in which services give the next one. */
const cursorParams =
  "cursor pageToken page_token nextToken next_token startCursor start_cursor pageCursor page_cursor after".split(
    " ",
  );
const cursorFields =
  "next_cursor nextCursor nextPageToken next_page_token nextToken next_token end_cursor endCursor cursor after".split(
    " ",
  );
/** Objects in which cursors stand. */
const cursorPlaces = [
  "",
  "response_metadata.",
  "meta.",
  "metadata.",
  "paging.next.",
  "paging.cursors.",
  "pagination.",
  "page_info.",
  "pageInfo.",
];
const nextUrls = [
  "next",
  "next_url",
  "nextUrl",
  "next_page_uri",
  "next_page",
  "links.next",
  "@odata.nextLink",
  "meta.next_page_url",
];
const offsets = ["offset", "startAt", "start", "skip", "$skip"];
const limits = [
  "limit",
  "per_page",
  "perPage",
  "page_size",
  "pageSize",
  "maxResults",
  "max_results",
  "count",
  "$top",
  "PageSize",
];
const moreFields = ["has_more", "hasMore", "meta.has_more", "more"];

/** As far as the names of params and of fields of the answer tell: what is unsure is left out. */
export function pagingOf(
  params: Readonly<Record<string, ParamYaml>>,
  { schema, headers }: Answer,
  references: References,
): ImportedPaging {
  const items = itemsOf(schema, references);
  if (items === undefined) return none;
  const named = (names: string[]) => names.find((name) => isQuery(params[keyOf(params, name)]));
  const has = (path: string) => isThere(schema, path, references);
  const key = (name: string) => keyOf(params, name);
  if (headers.includes("link")) return { page: { kind: "link_header" }, items };
  const cursor = named(cursorParams);
  const field = cursorPlaces.flatMap((place) => cursorFields.map((it) => place + it)).find(has);
  if (cursor !== undefined && field !== undefined) return { page: { [key(cursor)]: field }, items };
  const limit = named(limits);
  const more = moreFields.find(has);
  const bounds = { ...(limit ? { limit: key(limit) } : {}), ...(more ? { more } : {}) };
  if (has("has_more") && named(["starting_after"])) {
    return { page: { kind: "last_item", param: key("starting_after"), more: "has_more" }, items };
  }
  const url = nextUrls.find(has);
  if (url !== undefined && !url.includes("@")) return { page: { kind: "next_url", url }, items };
  const offset = named(offsets);
  if (offset !== undefined && limit !== undefined)
    return { page: { kind: "offset", param: key(offset), ...bounds }, items };
  if (named(["page"]) !== undefined && limit !== undefined) {
    return { page: { kind: "page", param: key("page"), ...bounds }, items };
  }
  return none;
}

/** The name of the param that is called so at the service. */
function keyOf(params: Readonly<Record<string, ParamYaml>>, name: string): string {
  return Object.keys(params).find((key) => (params[key]!.as ?? key) === name) ?? name;
}

const isQuery = (param: ParamYaml | undefined) => param?.in === "query";

/** Null when the answer is a list itself, undefined when there is none in it, or several. */
function itemsOf(schema: JsonObject, references: References): string | null | undefined {
  if (schema.type === "array") return null;
  const lists = Object.entries(asObject(schema.properties)).filter(
    ([name, it]) => references.follow(it).type === "array" && /^[^.\s{}]+$/.test(name),
  );
  return lists.length === 1 ? lists[0]![0] : undefined;
}

function isThere(schema: JsonObject, path: string, references: References): boolean {
  let current = schema;
  for (const step of path.split(".")) {
    const fields = asObject(current.properties);
    if (!Object.hasOwn(fields, step)) return false;
    current = references.follow(fields[step]);
  }
  return true;
}

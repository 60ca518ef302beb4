import { nextLink, type PageParam, paramsOfUrl } from "#catalog/answer/next-url.js";
import { readPath } from "#catalog/body.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { Paging } from "#catalog/paging-kinds.js";
import type { ParamSchema } from "#catalog/schema.js";

/** Where an answer came from, and what it says of the next page. */
export interface PagedAnswer {
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** URL that was asked. */
  url: string;
  /** Its body, as JSON; undefined when it was not read. */
  body: unknown;
  /** The body, with numbers that a double cannot hold as texts of all their digits. */
  exact: () => unknown;
  /** Params of the call. */
  params: Readonly<Record<string, unknown>>;
}

export type NextPage = Record<string, string | number | boolean>;

/** How the endpoint's list goes on, as the files say it; null when they do not. */
export function pagingOf({ page }: Integration, endpoint: Endpoint): Paging | null {
  if (endpoint.page) return endpoint.page;
  const isTaken = (name: string) => Object.hasOwn(endpoint.params.properties, name);
  if (page?.kind !== "cursor") return page && page.param !== null && isTaken(page.param) ? page : null;
  const params = Object.fromEntries(Object.entries(page.params).filter(([name]) => isTaken(name)));
  return Object.keys(params).length > 0 ? { ...page, params } : null;
}

/** Whether the next page is known only from the body of an answer. */
export function isPagedByBody(integration: Integration, endpoint: Endpoint): boolean {
  const paging = pagingOf(integration, endpoint);
  return paging !== null && (paging.kind !== "link_header" || paging.more !== null || paging.last !== null);
}

/** Dotted path of the list in an answer; null when the answer itself is the list. */
export const itemsPath = (integration: Integration, endpoint: Endpoint) =>
  endpoint.items ?? integration.items;

/**
 * Params to give, beside those that were given, to have the next page; undefined when there is none, or when the
 * endpoint does not take what the service wants.
 */
export function nextPage(
  integration: Integration,
  endpoint: Endpoint,
  answer: PagedAnswer,
): NextPage | undefined {
  const paging = pagingOf(integration, endpoint);
  if (paging && isLast(paging, answer.body)) return undefined;
  const params = paramsOf(paging, endpoint, answer, itemsPath(integration, endpoint));
  return params.length > 0 ? Object.fromEntries(params) : undefined;
}

/** Whether the service names a next page by a URL that no params of the endpoint lead to. */
export function isNextOutOfReach(integration: Integration, endpoint: Endpoint, answer: PagedAnswer): boolean {
  const paging = pagingOf(integration, endpoint);
  if (paging?.kind !== "link_header" && paging?.kind !== "next_url") return false;
  if (isLast(paging, answer.body) || nextUrl(paging, answer) === undefined) return false;
  return paramsOf(paging, endpoint, answer, null).length === 0;
}

const isLast = ({ more, last }: Paging, body: unknown) =>
  (more !== null && readPath(body, more) === false) || (last !== null && readPath(body, last) === true);

function nextUrl(paging: Paging | null, { body, headers }: PagedAnswer): string | undefined {
  if (paging?.kind !== "next_url") return nextLink(headers.link);
  const target = readPath(body, paging.path);
  return typeof target === "string" && target !== "" ? target : undefined;
}

function paramsOf(
  paging: Paging | null,
  endpoint: Endpoint,
  answer: PagedAnswer,
  items: string | null,
): PageParam[] {
  if (paging?.kind === "last_item" || paging?.kind === "offset" || paging?.kind === "page") {
    return counted(paging, endpoint, answer, items);
  }
  const cursors = Object.entries(paging?.params ?? {}).flatMap(([name, path]) =>
    cursor(endpoint, name, answer, (body) => readPath(body, path)),
  );
  if (cursors.length > 0) return cursors;
  const target = nextUrl(paging, answer);
  return target === undefined ? [] : paramsOfUrl(endpoint, target, answer.url);
}

/** A number that has lost digits would lead to another page: it is given as text, to a param that takes one. */
function cursor(
  { params: { properties } }: Endpoint,
  name: string,
  { body, exact }: PagedAnswer,
  read: (body: unknown) => unknown,
): PageParam[] {
  const value = read(body);
  const hasLost = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  if (hasLost) {
    const digits = isOfType(properties[name], "string") ? read(exact()) : undefined;
    return typeof digits === "string" ? [[name, digits]] : [];
  }
  return (typeof value === "string" && value !== "") || typeof value === "number" ? [[name, value]] : [];
}

const isOfType = (schema: ParamSchema | undefined, type: string) =>
  [schema?.type ?? type].flat().includes(type);

function listOf(body: unknown, path: string | null): unknown[] {
  const list = path === null ? body : readPath(body, path);
  return Array.isArray(list) ? list : [];
}

/** Kinds whose next page follows from the items of this one. */
function counted(
  paging: Paging,
  endpoint: Endpoint,
  answer: PagedAnswer,
  itemsAt: string | null,
): PageParam[] {
  const { kind, param, limit, more, last, path } = paging;
  const { body, params } = answer;
  const { properties } = endpoint.params;
  const given = (name: string) => params[name] ?? properties[name]?.default;
  const size = limit === null ? Number.NaN : Number(given(limit) ?? Number.NaN);
  const items = listOf(body, itemsAt);
  const says = more !== null || last !== null;
  if (items.length === 0 || (!says && items.length < size)) return [];
  const name = param!;
  if (kind === "last_item") {
    return cursor(endpoint, name, answer, (all) => readPath(listOf(all, itemsAt).at(-1), path));
  }
  const now = Number(given(name) ?? paging.first);
  const next = now + (kind === "offset" ? items.length : 1);
  if (!Number.isSafeInteger(next) || isPastEnd(paging, body, next - paging.first, size)) return [];
  const isNumber = isOfType(properties[name], "integer") || isOfType(properties[name], "number");
  return [[name, isNumber ? next : String(next)]];
}

/** @param done items, or pages, that lie before the next page */
function isPastEnd({ kind, total, pages }: Paging, body: unknown, done: number, size: number): boolean {
  const items = kind === "offset" ? done : done * size;
  const isReached = (path: string | null, count: number) =>
    path !== null && count >= Number(readPath(body, path) ?? Number.NaN);
  return isReached(total, items) || isReached(pages, done);
}

import { readPath } from "#catalog/body.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { nextLink, type PageParam, paramsOfUrl } from "#catalog/next-url.js";

/** Ways in which services lead to the next page. */
export const pagingKinds = ["link_header", "cursor", "next_url", "last_item", "offset", "page"] as const;

export interface Paging {
  kind: (typeof pagingKinds)[number];
  /** `cursor`: params, and the dotted path in the answer of their value for the next page. */
  params: Readonly<Record<string, string>>;
  /** The param that takes the id, the offset or the number; for links, one by which lists with pages are known. */
  param: string | null;
  /** Dotted path in the answer to the URL of the next page; for `last_item` in the item, to its id. */
  path: string;
  /** Number of the first page, or offset of the first item. */
  first: number;
  /** Param with the number of items in a page: a page with fewer is the last. */
  limit: string | null;
  /** Dotted path to the number of all items. */
  total: string | null;
  /** Dotted path to the number of all pages. */
  pages: string | null;
  /** Dotted path to what is false on the last page. */
  more: string | null;
  /** Dotted path to what is true on the last page. */
  last: string | null;
}

/** Where an answer came from, and what it says of the next page. */
export interface PagedAnswer {
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** URL that was asked. */
  url: string;
  /** Its body, as JSON; undefined when it was not read. */
  body: unknown;
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
  const params = paramsOf(paging, integration, endpoint, answer);
  return params.length > 0 ? Object.fromEntries(params) : undefined;
}

const isLast = ({ more, last }: Paging, body: unknown) =>
  (more !== null && readPath(body, more) === false) || (last !== null && readPath(body, last) === true);

function paramsOf(
  paging: Paging | null,
  integration: Integration,
  endpoint: Endpoint,
  answer: PagedAnswer,
): PageParam[] {
  const { body, headers, url } = answer;
  const byLink = () => {
    const target = nextLink(headers.link);
    return target === undefined ? [] : paramsOfUrl(endpoint, target, url);
  };
  switch (paging?.kind) {
    case "cursor": {
      const found = Object.entries(paging.params).flatMap(([name, path]) =>
        cursor(name, readPath(body, path)),
      );
      return found.length > 0 ? found : byLink();
    }
    case "next_url": {
      const target = readPath(body, paging.path);
      return typeof target === "string" && target !== "" ? paramsOfUrl(endpoint, target, url) : [];
    }
    case "last_item":
    case "offset":
    case "page":
      return counted(paging, endpoint, answer, listOf(body, itemsPath(integration, endpoint)));
    default:
      return byLink();
  }
}

/** A number that has lost digits would lead to another page. */
function cursor(name: string, value: unknown): PageParam[] {
  const isText = typeof value === "string" && value !== "";
  const isNumber = typeof value === "number" && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return isText || isNumber ? [[name, value]] : [];
}

function listOf(body: unknown, path: string | null): unknown[] {
  const list = path === null ? body : readPath(body, path);
  return Array.isArray(list) ? list : [];
}

/** Kinds whose next page follows from the items of this one. */
function counted(
  paging: Paging,
  endpoint: Endpoint,
  { body, params }: PagedAnswer,
  items: unknown[],
): PageParam[] {
  const { kind, param, limit, more, last, path } = paging;
  const { properties } = endpoint.params;
  const given = (name: string) => params[name] ?? properties[name]?.default;
  const size = limit === null ? Number.NaN : Number(given(limit) ?? Number.NaN);
  const says = more !== null || last !== null;
  if (items.length === 0 || (!says && items.length < size)) return [];
  const name = param!;
  if (kind === "last_item") return cursor(name, readPath(items.at(-1), path));
  const now = Number(given(name) ?? paging.first);
  const next = now + (kind === "offset" ? items.length : 1);
  if (!Number.isSafeInteger(next) || isPastEnd(paging, body, next - paging.first, size)) return [];
  const isText = [properties[name]!.type ?? "integer"].flat().every((type) => type === "string");
  return [[name, isText ? String(next) : next]];
}

/** @param done items, or pages, that lie before the next page */
function isPastEnd({ kind, total, pages }: Paging, body: unknown, done: number, size: number): boolean {
  const items = kind === "offset" ? done : done * size;
  const isReached = (path: string | null, count: number) =>
    path !== null && count >= Number(readPath(body, path) ?? Number.NaN);
  return isReached(total, items) || isReached(pages, done);
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "#support/loopback.js";

/** Larger than any number JavaScript keeps. */
export const bigId = "9007199254740993001";
/** Items of every list that ends. */
export const total = 7;
const size = 3;

export interface PagedService {
  url: string;
  /** Paths with queries, in the order they were asked. */
  asked: string[];
  /** Runs before each answer. */
  onAsk: () => void;
  close(): Promise<void>;
}

/** A service whose lists have seven items in pages of three, for each way to go on, and many ways to go wrong. */
export async function startPagedService(): Promise<PagedService> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === "/account") return void json(response, '{"id":"ada"}');
    const body = await text(request);
    const given = new URLSearchParams(body === "" ? {} : JSON.parse(body));
    const url = new URL(request.url ?? "/", "http://paged.test");
    for (const [name, value] of url.searchParams) given.set(name, value);
    service.onAsk();
    asked.push(`${url.pathname}?${given}`);
    await answer(url.pathname, given, request, response);
  });
  const service: PagedService = {
    url: await listen(server),
    asked,
    onAsk: () => {},
    close: () => closeServer(server),
  };
  return service;
}

function json(
  response: ServerResponse,
  body: string,
  headers: Record<string, string> = {},
  status = 200,
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

const item = (at: number) => `{"id":"i${at}","big":${bigId}}`;

function itemsFrom(at: number): string {
  const until = Math.min(at + size, total);
  return `[ ${Array.from({ length: Math.max(0, until - at) }, (_, i) => item(at + i)).join(" , ")} ]`;
}

type Ways = Record<string, (at: number, response: ServerResponse) => void>;

/** Ways of the list by cursor, whose cursor is the place of the next item. */
const oddWays: Ways = {
  endless: (at, response) => json(response, `{"items":[${item(at)}],"next_cursor":"${at + 1}"}`),
  empty: (at, response) => json(response, `{"items":[],"next_cursor":"${at + 1}"}`),
  same_cursor: (at, response) =>
    json(response, `{"items":[${item(at)},${item(at + response.statusCode + asks++)}],"next_cursor":"1"}`),
  same_page: (at, response) => json(response, `{"items":[${item(0)}],"next_cursor":"${at + 1}"}`),
  error: (at, response) => (at < 3 ? paged(at, response) : json(response, '{"error":"broken"}', {}, 500)),
  busy: (at, response) =>
    at < 3 ? paged(at, response) : json(response, '{"error":"slow down"}', { "retry-after": "9" }, 429),
  spent: (at, response) =>
    json(response, `{"items":${itemsFrom(at)},"next_cursor":"${at + 3}"}`, {
      "ratelimit-remaining": "0",
      "ratelimit-reset": "7",
    }),
  refused: (at, response) =>
    at < 3 ? paged(at, response) : json(response, '{"ok":false,"error":"not_yours"}'),
  refused_first: (_, response) => json(response, '{"ok":false,"error":"not_yours"}'),
  dropped: (at, response) => (at < 3 ? paged(at, response) : void response.destroy()),
  big: (at, response) =>
    json(response, `{"items":["${at}"],"next_cursor":${at === 0 ? bigId : "null"},"a":1}`),
  big_twice: (_, response) => json(response, `{"items":[1],"next_cursor":${bigId},"a":1,"a":2}`),
  no_list: (_, response) => json(response, '{"items":{"a":1},"next_cursor":"1"}'),
  list_goes: (at, response) => (at < 3 ? paged(at, response) : json(response, '{"items":"none"}')),
  huge: (at, response) =>
    at < 3 ? paged(at, response) : json(response, `{"items":["${"x".repeat(9_000_000)}"]}`),
  large: (at, response) =>
    json(response, `{"items":["${at}${"x".repeat(3_000_000)}"],"next_cursor":"${at + 1}"}`),
};
let asks = 0;

function paged(at: number, response: ServerResponse, ends = "null"): void {
  const next = at + size < total ? `"${at + size}"` : ends;
  json(response, `{"items":${itemsFrom(at)},"next_cursor":${next}}`);
}

const ends: Record<string, string> = { plain: "null", text: '""', no: "false" };

async function answer(
  path: string,
  given: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const way = given.get("way") ?? "plain";
  const at = (name: string) => Number(given.get(name) ?? 0);
  const host = `http://${request.headers.host}`;
  if (path === "/cursor")
    return (oddWays[way] ?? ((from, to) => paged(from, to, ends[way])))(at("cursor"), response);
  if (path === "/url") {
    const from = at("token");
    const base = { absolute: `${host}/url`, elsewhere: "https://evil.example/url" }[way] ?? "/url";
    const next = from + size < total ? `"${base}?token=${from + size}&way=${way}"` : "null";
    return json(response, `{"items":${itemsFrom(from)},"links":{"next":${next}}}`);
  }
  if (path === "/item") {
    const from = given.has("starting_after") ? Number(given.get("starting_after")!.slice(1)) + 1 : 0;
    return json(response, `{"data":${itemsFrom(from)},"has_more":${from + size < total}}`);
  }
  if (path === "/offset") return json(response, `{"items":${itemsFrom(at("offset"))},"total":${total}}`);
  const number = Number(given.get("page") ?? 1);
  const from = (number - 1) * size;
  if (path === "/page") return json(response, `{"items":${itemsFrom(way === "stuck" ? 0 : from)}}`);
  const links: Record<string, string> =
    from + size < total ? { link: `<${host}/link?page=${number + 1}>; rel="next"` } : {};
  return json(response, `{"rows":${itemsFrom(from)}}`, links);
}

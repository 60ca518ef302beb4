import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";

export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** How many requests came to this path so far, this one included. */
  seen: number;
}

type Route = (visit: Visit) => unknown;

/** The first bytes of a PNG file: not valid UTF-8. */
export const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex");

/**
 * What each path answers.
 *
 * - `/json`, `/text`, `/empty` (200, no body), `/204`, `/304`, `/binary`, `/gzip`, `/latin1`: whole answers
 * - `/bignum`: an id that a double cannot hold
 * - `/malformed`: called JSON, but broken off; the HTTP answer is complete
 * - `/truncated`: a length of 1000 announced, 20 bytes sent, then the connection dropped;
 *   `?chunked=1` drops it between two chunks instead
 * - `/huge?mb=100&type=json|text|binary`: exactly that many MiB, chunked, made while it is read
 * - `/reset`: drops the connection at once; `?times=n` only for the first n requests, then as `/json`
 * - `/hang`: never answers
 * - `/slow-body`: head and half a JSON body, then nothing
 * - `/echo`: the request as JSON; `/bytes`: with its body in Base64
 * - `/redirect?to=URL`: 302; `/301-post`: 301 to `/echo`
 * - `/status/:n?retry-after=…&times=n`: that status; with `times` only for the first n requests, then 200
 * - `/leak?as=json|text|split|header|decoded`: what came as authorization, given away in the body (split: in
 *   the middle of 1 MiB of JSON, cut by a chunk border inside the token; decoded: from Base64) or in a header
 */
export const routes: Record<string, Route> = {
  "/json": ({ response }) => json(response, { id: 1, name: "Octocat" }),
  "/text": ({ response }) => send(response, "text/plain; charset=utf-8", "Grüße"),
  "/empty": ({ response }) => response.writeHead(200, { "content-length": 0 }).end(),
  "/204": ({ response }) => response.writeHead(204).end(),
  "/304": ({ response }) => response.writeHead(304, { etag: '"1"' }).end(),
  "/binary": ({ response }) => send(response, "image/png", png),
  "/gzip": ({ response }) =>
    send(response, "application/json", gzipSync('{"zipped":true}'), { "content-encoding": "gzip" }),
  "/latin1": ({ response }) =>
    send(response, "text/plain; charset=iso-8859-1", Buffer.from("café", "latin1")),
  "/bignum": ({ response }) => send(response, "application/json", '{"id":12345678901234567890}'),
  "/malformed": ({ response }) => send(response, "application/json", '{"id": 1, "name": '),
  "/truncated": truncated,
  "/huge": huge,
  "/reset": ({ request, response, url, seen }) =>
    seen <= times(url) ? request.socket.destroy() : json(response, { id: 1, name: "Octocat" }),
  "/hang": () => {},
  "/slow-body": ({ response }) =>
    response.writeHead(200, { "content-type": "application/json" }).write('{"id":1,'),
  "/echo": echo,
  "/bytes": bytes,
  "/redirect": ({ response, url }) => redirect(response, 302, url.searchParams.get("to") ?? "/json"),
  "/301-post": ({ response }) => redirect(response, 301, "/echo"),
  "/status": status,
  "/leak": leak,
};

function truncated({ request, response, url }: Visit): void {
  const type = { "content-type": "application/json" };
  if (url.searchParams.has("chunked")) response.writeHead(200, type);
  else response.writeHead(200, { ...type, "content-length": 1000 });
  response.write('{"items":[1,2,3,4,5,', () => request.socket.destroy());
}

function huge({ response, url }: Visit): void {
  const mb = Number(url.searchParams.get("mb") ?? 100);
  const { contentType, rows } = hugeTypes[(url.searchParams.get("type") ?? "json") as keyof typeof hugeTypes];
  response.writeHead(200, { "content-type": contentType });
  pipeline(Readable.from(rows(mb * 16)), response, () => response.destroy());
}

const chunkSize = 65_536;
const rowsPerChunk = chunkSize / 1024;

/** Chunks of 64 KiB, `count` of them. JSON is an array of strings, one per KiB. */
const hugeTypes = {
  json: { contentType: "application/json", rows: jsonChunks },
  text: { contentType: "text/plain", rows: (count: number) => same(Buffer.alloc(chunkSize, "text "), count) },
  binary: {
    contentType: "application/octet-stream",
    rows: (count: number) => same(Buffer.alloc(chunkSize, Buffer.from([0, 0xff, 0xfe])), count),
  },
};

function* same(chunk: Buffer, count: number) {
  for (let i = 0; i < count; i++) yield chunk;
}

function* jsonChunks(count: number) {
  const row = `"${"a".repeat(1021)}",`;
  const middle = Buffer.from(row.repeat(rowsPerChunk));
  for (let i = 0; i < count; i++) {
    if (i > 0 && i < count - 1) yield middle;
    else yield edge(row, i === 0, i === count - 1);
  }
}

/** The brackets of the array take the place of one character, so that every chunk has the same size. */
function edge(row: string, first: boolean, last: boolean): Buffer {
  const rows = Array.from({ length: rowsPerChunk }, () => row);
  if (first) rows[0] = `[${row.replace("a", "")}`;
  if (last) rows[rowsPerChunk - 1] = `${row.slice(0, -1)}]`;
  return Buffer.from(rows.join(""));
}

function echo({ request, response }: Visit): void {
  const { method, url, headers } = request;
  text(request).then(
    (body) => json(response, { method, path: url, headers, body }),
    () => response.destroy(),
  );
}

function bytes({ request, response }: Visit): void {
  const { method, headers } = request;
  buffer(request).then(
    (body) => json(response, { method, headers, base64: body.toString("base64") }),
    () => response.destroy(),
  );
}

function status({ response, url, seen }: Visit): void {
  const failing = seen <= times(url);
  const code = failing ? Number(url.pathname.split("/").at(-1)) : 200;
  const retryAfter = url.searchParams.get("retry-after");
  if (failing && retryAfter !== null) response.setHeader("retry-after", retryAfter);
  json(response, { message: `Status ${code}` }, code);
}

function leak({ request, response, url }: Visit): void {
  const authorization = request.headers.authorization ?? "";
  const token = authorization.split(" ").at(-1) ?? "";
  const ways: Record<string, () => void> = {
    json: () =>
      json(response, { authorization, nested: [{ token }], message: `The token ${token} was used` }),
    text: () => send(response, "text/plain", `Authorization: ${authorization}\n`),
    header: () => json(response, { leaked: false }, 200, { "x-authorization": authorization }),
    split: () => leakSplit(response, token),
    decoded: () => json(response, { authorization, pair: Buffer.from(token, "base64").toString() }),
  };
  ways[url.searchParams.get("as") ?? "json"]?.();
}

function leakSplit(response: ServerResponse, token: string): void {
  response.writeHead(200, { "content-type": "application/json" });
  pipeline(Readable.from(splitToken(token)), response, () => response.destroy());
}

/** The pause lets a reader that joins what has piled up take the first half by itself. */
async function* splitToken(token: string) {
  const half = JSON.stringify("b".repeat(524_288));
  const cut = Math.ceil(token.length / 2);
  yield `[${half},"`;
  yield token.slice(0, cut);
  await setTimeout(30);
  yield token.slice(cut);
  yield `",${half}]`;
}

function times(url: URL): number {
  return Number(url.searchParams.get("times") ?? Number.POSITIVE_INFINITY);
}

function redirect(response: ServerResponse, code: number, location: string): void {
  response.writeHead(code, { location, "content-type": "text/plain" }).end("Moved");
}

function json(
  response: ServerResponse,
  value: unknown,
  code = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(value));
}

function send(
  response: ServerResponse,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body), ...headers })
    .end(body);
}

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Visit } from "#support/fault-routes.js";

type Route = (visit: Visit) => unknown;

/**
 * What a path answers by its first word; what follows tells requests of different tests apart. `status`, `header`
 * (`name: value`, several) and `body` of the query make up the answer; with `times` it is odd that often, then 200.
 *
 * - `answer`: just that
 * - `reset-first`: the first request is read and the connection dropped, later ones are answered
 * - `reset-always`: every connection is dropped once its request is read
 * - `broken-http`: something that is no HTTP, once the request is read
 * - `long-header`: a header of 1 MiB
 * - `cut-off`: a head that announces 1000 bytes, 20 of them, and the end of the connection
 * - `bad-gzip`: a body called gzip that is none
 * - `empty-gzip`: no body, called gzip
 * - `silent`: nothing; `half`: a head and half a body, then nothing
 * - `drip`: a head, then a byte now and then, without end; `interim`: 103 without end
 * - `deep`: lists in each other, `times` of them
 */
export const outcomeRoutes: Record<string, Route> = {
  answer,
  "reset-first": (visit) => (visit.seen === 1 ? drop(visit) : answer(visit)),
  "reset-always": drop,
  "broken-http": raw("HTTP/1.1 2OO nonsense\r\n\r\n"),
  "long-header": raw(`HTTP/1.1 200 OK\r\nx-long: ${"a".repeat(1_048_576)}\r\ncontent-length: 0\r\n\r\n`),
  "cut-off": ({ request, response, url }) => {
    response.writeHead(statusOf(url), { "content-type": "application/json", "content-length": 1000 });
    response.write('{"items":[1,2,3,4,5,', () => request.socket.destroy());
  },
  "bad-gzip": ({ response, url }) =>
    response.writeHead(statusOf(url), { "content-encoding": "gzip" }).end("this is no gzip"),
  "empty-gzip": ({ response, url }) =>
    response.writeHead(statusOf(url), { "content-encoding": "gzip" }).end(),
  silent: () => {},
  half: ({ response, url }) =>
    response.writeHead(statusOf(url), { "content-type": "application/json" }).write('{"id":1,'),
  drip,
  interim,
  deep: ({ response, url }) => {
    const levels = Number(url.searchParams.get("times"));
    const body = "[".repeat(levels) + "]".repeat(levels);
    response.writeHead(statusOf(url), { "content-type": "application/json" }).end(body);
  },
};

function statusOf(url: URL): number {
  return Number(url.searchParams.get("status") ?? 200);
}

function answer({ response, url, seen }: Visit): void {
  if (seen > Number(url.searchParams.get("times") ?? Number.POSITIVE_INFINITY)) {
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
    return;
  }
  for (const line of url.searchParams.getAll("header")) {
    const at = line.indexOf(":");
    response.appendHeader(line.slice(0, at), line.slice(at + 1).trim());
  }
  const status = statusOf(url);
  const body = status === 204 || status === 304 ? "" : (url.searchParams.get("body") ?? `{"said":${status}}`);
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

/** Only once the request is read: a client could take an early end for one that was never heard. */
function drop({ request }: Visit): void {
  request.resume().once("end", () => request.socket.destroy());
}

function raw(bytes: string): Route {
  return ({ request }) => {
    request.resume().once("end", () => (request.socket as Socket).end(bytes));
  };
}

async function drip({ response, url }: Visit): Promise<void> {
  response.writeHead(statusOf(url), { "content-type": "application/json" });
  response.write('{"slow":"');
  while (!response.destroyed) {
    response.write("a");
    await sleep(100);
  }
}

async function interim({ response }: Visit): Promise<void> {
  while (!response.destroyed) {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    await sleep(100);
  }
}

import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "#support/loopback.js";

/** Larger than any number JavaScript keeps. */
export const bigNumber = "9007199254740993001";

/** In place of the usual answer: a status with a body, or a connection that breaks off. */
export type Instead = { status: number; body: unknown } | "reset";

export interface ChainedService {
  url: string;
  /** `GET /notes/n1`, `POST /sent {"to":"ada"}`, in the order they were asked. */
  asked: string[];
  /** By method and path. */
  instead: Map<string, Instead>;
  /** Runs before each answer. */
  onAsk: (asked: string) => void | Promise<void>;
  close(): Promise<void>;
}

const usual: Record<string, string> = {
  "GET /account": '{"id":"ada"}',
  "GET /notes": '{"notes":[{"id":"n1"},{"id":"n2"},{"id":"n3"}],"total":3}',
  "POST /sent": '{"id":"s1"}',
  "POST /mail": '{"id":"m1"}',
  "POST /boxes": '{"id":"b1"}',
};

const note = (id: string) =>
  `{"id":"${id}","author":"grace","title":"Plan &amp; ${id}","text":"Hello","rank":1.5,"tags":["a","b"],"big":${bigNumber},"path":"docs/${id}.txt"}`;

/** Notes that are read, and sent. */
export async function startChainedService(): Promise<ChainedService> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { pathname, search } = new URL(request.url ?? "/", "http://chained.test");
    const place = `${request.method} ${pathname}`;
    if (pathname !== "/account") service.asked.push(`${place}${search}${body && ` ${body}`}`);
    if (pathname !== "/account") await service.onAsk(place);
    answer(response, service.instead.get(place), usual[place] ?? note(pathname.slice(7)));
  });
  const service: ChainedService = {
    url: await listen(server),
    asked: [],
    instead: new Map(),
    onAsk: () => {},
    close: () => closeServer(server),
  };
  return service;
}

function answer(response: ServerResponse, instead: Instead | undefined, otherwise: string): void {
  if (instead === "reset") return void response.destroy();
  const { status, body } = instead ?? { status: 200, body: undefined };
  const json = body === undefined ? otherwise : typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json" }).end(json);
}

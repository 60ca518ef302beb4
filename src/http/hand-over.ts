import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Bodies of this scope are bytes, whatever they are; how many is the route's to say. */
export function takeBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

/** The request as it was before its body was read, for whoever reads bodies by itself. */
export function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const { method, url, headers, rawHeaders, httpVersion, socket } = request;
  const again = Readable.from([body], { objectMode: false });
  return Object.assign(again, { method, url, headers, rawHeaders, httpVersion, socket }) as IncomingMessage;
}

/** From here on Fastify has nothing to do with the reply but what it has set already. */
export function handOver(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
}

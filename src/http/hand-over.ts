import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Bodies of this scope are read as bytes, of any type; each route bounds their length. */
export function takeBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

/** The request as it was before its body was read, for libraries that read bodies themselves. */
export function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const { method, url, headers, rawHeaders, httpVersion, socket } = request;
  const again = Readable.from([body], { objectMode: false });
  return Object.assign(again, { method, url, headers, rawHeaders, httpVersion, socket }) as IncomingMessage;
}

/** From here on Fastify only contributes the headers that it has set already. */
export function handOver(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
}

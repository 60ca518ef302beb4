import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Upload } from "#contract/route.js";

/** Has a route take a body of any media type as it comes. */
export function addUploadParser(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  // Who is refused may still be sending: with its connection, that ends.
  scope.addHook("onError", async (_request, reply) => void reply.header("connection", "close"));
}

/** The body of a request, of which nothing has been read. */
export function uploadOf({ headers, body }: FastifyRequest): Upload {
  const length = headers["content-length"];
  return {
    type: headers["content-type"],
    length: length === undefined ? undefined : Number(length),
    bytes: body instanceof Readable ? body : Readable.from([]),
  };
}

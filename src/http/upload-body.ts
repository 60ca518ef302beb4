import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Upload } from "#contract/route.js";
import { SkillettError } from "#core/errors.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Its handler reads the body as it comes. */
    isUpload?: boolean;
  }
}

/**
 * Has clients that ask before they send a body (`Expect: 100-continue`) wait until it is wanted: the caller has been
 * recognised, and an upload has been looked at by its length.
 *
 * @see RFC 9110 §10.1.1
 */
export function answerExpectations(server: FastifyInstance): void {
  server.server.on("checkContinue", (request, response) => server.server.emit("request", request, response));
  server.addHook("preParsing", async (request, reply) => {
    if (!request.routeOptions.config.isUpload) wantBody(request, reply);
  });
}

/** Has a route take a body of any media type as it comes. */
export function addUploadParser(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  // A client that is refused may still be sending: with its connection, that ends.
  scope.addHook("onError", async (_request, reply) => void reply.header("connection", "close"));
}

/** The body of a request, of which nothing has been read. */
export function uploadOf(request: FastifyRequest, reply: FastifyReply): Upload {
  const { headers, body } = request;
  const length = headers["content-length"];
  async function* bytes(): AsyncGenerator<Buffer> {
    if (!(body instanceof Readable)) return;
    wantBody(request, reply);
    try {
      yield* body;
    } catch (error) {
      throw brokenOff(error);
    }
  }
  return {
    type: headers["content-type"],
    length: length === undefined ? undefined : Number(length),
    bytes: bytes(),
  };
}

/** Nobody reads it: the client has gone. In the log it is no failure of this server. */
function brokenOff(cause: unknown): SkillettError {
  return new SkillettError("bad_request", {
    message: "The body broke off before all of it had arrived. Nothing of it was kept.",
    cause,
  });
}

function wantBody({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (headers.expect?.toLowerCase() === "100-continue") reply.raw.writeContinue();
}

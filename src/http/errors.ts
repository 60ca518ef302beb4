import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { apiErrorBody, badRequest, errorBody, SkillettError, unavailable } from "#core/errors.js";

/** Turns any error that a request failed with into our one form of error. */
export function toSkillettError(error: unknown, bodyLimit?: number): SkillettError {
  if (error instanceof SkillettError) return error;
  const { code, statusCode, message } = error as FastifyError;
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new SkillettError(
        "payload_too_large",
        bodyLimit ? { facts: { limit: bodyLimit } } : { message: "The request body is too large." },
      );
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return badRequest([{ at: "header content-type", message: "must be application/json" }]);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return badRequest([{ at: "header content-length", message: "does not match the body" }]);
    case "FST_ERR_MAX_PARAM_LENGTH":
      return badRequest([{ at: "path", message: "has a part that is too long" }]);
    case "FST_ERR_BAD_URL":
      return badRequest([{ at: "path", message: "is not a valid URL path" }]);
  }
  if (statusCode !== undefined && statusCode < 500)
    return new SkillettError("bad_request", { message, cause: error });
  return unavailable(error) ?? new SkillettError("internal", { cause: error });
}

/** Sends the error; the cause of an `internal` one goes to the log alone. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void {
  const isApi = request.url.startsWith("/api/");
  const known = toSkillettError(error, request.routeOptions.bodyLimit);
  const refusal = isApi ? asApiHasIt(known) : known;
  const about = { request_id: request.id, code: refusal.code, err: refusal.cause ?? refusal };
  if (refusal.code === "internal" || unavailable(refusal.cause)) request.log.error(about, "request failed");
  else if (refusal.cause) request.log.info(about, refusal.message);
  if (refusal.retryAfterSeconds !== undefined) reply.header("retry-after", refusal.retryAfterSeconds);
  if (refusal.kind.status === 401 && !reply.hasHeader("www-authenticate"))
    reply.header("www-authenticate", 'Bearer realm="skillett"');
  void reply
    .code(refusal.kind.status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify((isApi ? apiErrorBody : errorBody)(refusal, request.id, publicUrl)));
}

/** Fields that are not valid are a 422 there. */
function asApiHasIt(error: SkillettError): SkillettError {
  if (error.code !== "bad_request" || !error.issues) return error;
  return new SkillettError("validation_failed", { message: error.message, issues: error.issues });
}

/** Bytes that are not HTTP never become a request: they get an answer of the same form, then the connection ends. */
export function refuseBrokenHttp(error: { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const head = tooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const message = tooLarge ? "The request headers are too large." : "The request is not valid HTTP.";
  const body = JSON.stringify({ error: "bad_request", message, retryable: false });
  socket.end(
    `HTTP/1.1 ${head}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

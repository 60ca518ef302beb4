import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bodyLimits } from "#contract/body-limits.js";
import { type ErrorCode, SkillettError } from "#core/errors.js";
import { refuseForeignText } from "#http/auth-text.js";
import { takeBytes } from "#http/hand-over.js";

/** Answers requests below `/auth` that the contract does not name. */
export type HandleAuth = (request: Request, address: string) => Promise<Response>;

/** Sign-up, sign-in, sessions and tenants live below `/auth`; their refusals take our form. */
export async function addAuthRoutes(
  server: FastifyInstance,
  handle: HandleAuth,
  publicUrl: () => string,
): Promise<void> {
  await server.register(async (scope) => {
    takeBytes(scope);
    scope.route({
      method: ["GET", "POST"],
      url: "/auth/*",
      // Verifying an address, and coming back from signing in elsewhere, are GETs.
      config: { acts: true },
      schema: { hide: true },
      bodyLimit: bodyLimits.anonymous,
      handler: async (request, reply) => {
        refuseForeignText(request);
        const response = await handle(toRequest(request, publicUrl()), request.ip);
        if (response.status >= 400) throw await toRefusal(response);
        return send(reply, response);
      },
    });
  });
}

function toRequest({ method, url, headers, body }: FastifyRequest, publicUrl: string): Request {
  const own = new Headers(toHeaders(headers));
  const given = Buffer.isBuffer(body) && body.length > 0;
  // A request may name a whole URL: where it leads is not for the client to say.
  const { pathname, search } = new URL(url, publicUrl);
  return new Request(publicUrl + pathname + search, {
    method,
    headers: own,
    ...(given ? { body: new Uint8Array(body) } : {}),
  });
}

/** Headers as the web has them; a cookie given twice is one list. */
export function toHeaders(headers: FastifyRequest["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status).header("cache-control", "no-store");
  for (const [name, value] of response.headers) if (name !== "set-cookie") reply.header(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header("set-cookie", cookies);
  return reply.send(Buffer.from(await response.arrayBuffer()));
}

const codes: Record<number, ErrorCode> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "payload_too_large",
  422: "bad_request",
  429: "rate_limit_reached",
};

async function toRefusal(response: Response): Promise<SkillettError> {
  const said = (await response.json().catch(() => undefined)) as { message?: unknown } | undefined;
  const message = typeof said?.message === "string" ? said.message : undefined;
  const code = codes[response.status] ?? (response.status < 500 ? "bad_request" : "internal");
  if (code === "not_found" && message === undefined) {
    return new SkillettError("not_found", { message: "There is no such route below /auth." });
  }
  const seconds = Number(response.headers.get("retry-after") ?? response.headers.get("x-retry-after"));
  return new SkillettError(code, {
    ...(message && code !== "internal" ? { message } : {}),
    ...(code === "rate_limit_reached" ? { message: message ?? tooMany } : {}),
    ...(seconds > 0 ? { retryAfterSeconds: seconds } : {}),
    ...(code === "internal" ? { cause: new Error(message ?? `HTTP ${response.status}`) } : {}),
  });
}

const tooMany = "Too many tries. Wait a little.";

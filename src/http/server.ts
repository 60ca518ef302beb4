import { randomBytes } from "node:crypto";
import fastifySwagger from "@fastify/swagger";
import fastJsonStringify from "fast-json-stringify";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { bodyLimitOf, bodyLimits, inWords } from "#contract/body-limits.js";
import type { Api, Input, RawReply, Route } from "#contract/route.js";
import { type Caller, isCaller, type Person, type Principal, refuseUnlessPermitted } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import { faceOf } from "#core/face.js";
import { pageHeaders } from "#core/html.js";
import { meant } from "#core/lenient.js";
import { RequestSignal } from "#core/request-signal.js";
import { addArchiveParsers, readArchiveBody } from "#http/archive-body.js";
import { addAuthRoutes, type HandleAuth, toHeaders } from "#http/auth-route.js";
import { addCors } from "#http/cors.js";
import { drainOnClose } from "#http/drain.js";
import { refuseBrokenHttp, sendError } from "#http/errors.js";
import { parseFormBody } from "#http/form-body.js";
import { readJsonBody } from "#http/json-body.js";
import { markdownAddress } from "#http/markdown-address.js";
import { addMcpRoute, type McpRouteDeps, withoutMcpSlash } from "#http/mcp-route.js";
import { addOAuthRoutes, type HandleOAuth } from "#http/oauth-route.js";
import { referencePage } from "#http/reference-page.js";
import { keepGetsSafe } from "#http/safe-get.js";
import { addUploadParser, answerExpectations, uploadOf } from "#http/upload-body.js";
import { createValidatorCompiler } from "#http/validation.js";
import { addWeb, builtWeb } from "#http/web.js";
import { bearsJwt } from "#identity/bearer.js";

const nothing = { type: "null", description: "No body" };

export interface HttpDeps<C extends Record<string, Route>> {
  contract: C;
  api: Api<C>;
  authenticate: (authorization: string | undefined, address: string) => Promise<Caller>;
  authenticatePerson: (credentials: { method: string; headers: Headers }) => Promise<Person>;
  handleAuth: HandleAuth;
  mcp: McpRouteDeps;
  handleOAuth: HandleOAuth;
  /** Proxies whose `X-Forwarded-For` is believed: addresses and networks. */
  trustedProxies: string[];
  /** Headers for answers to a known caller, such as `RateLimit`. */
  callerHeaders: (caller: Caller) => Promise<Record<string, string>>;
  /** Where people reach this server; `action_url`s begin with it. Asked at each error: a port may be chosen late. */
  publicUrl: () => string;
  logger: FastifyBaseLogger;
  version: string;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Principal | null;
  }
}

/** Fastify, and nothing else: the contract becomes routes, errors take our form. Does not listen yet. */
export async function createHttpServer<C extends Record<string, Route>>(
  deps: HttpDeps<C>,
): Promise<FastifyInstance> {
  const server = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimits.usual,
    genReqId: createRequestIds(),
    // One logger for all: a child for every request costs more than it tells, errors name their request.
    childLoggerFactory: (logger) => logger,
    trustProxy: deps.trustedProxies.length > 0 ? deps.trustedProxies : false,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    rewriteUrl: ({ url = "/", headers }) => markdownAddress(withoutMcpSlash(url), headers.accept),
    frameworkErrors: (error, request, reply) => sendError(error, request, reply, deps.publicUrl()),
    clientErrorHandler: refuseBrokenHttp,
  });
  server.decorateRequest("caller", null);
  server.setValidatorCompiler(createValidatorCompiler());
  server.setSerializerCompiler(compileSerializer);
  server.setErrorHandler(async (error, request, reply) => {
    // The error is sent also when the limits cannot be read, since it may be the database that failed.
    reply.headers(await limitHeaders(deps, request.caller).catch(() => ({})));
    sendError(error, request, reply, deps.publicUrl());
    return reply;
  });
  server.setNotFoundHandler(() => {
    throw new SkillettError("not_found", {
      message: "There is no such route. See /openapi.json for those there are.",
    });
  });
  server.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  keepGetsSafe(server);
  addCors(server, deps.publicUrl);
  drainOnClose(server);
  answerExpectations(server);
  addParsers(server);
  await addReference(server, deps.contract, deps.version);
  await addAuthRoutes(server, deps.handleAuth, deps.publicUrl);
  await addMcpRoute(server, deps.mcp);
  await addOAuthRoutes(server, deps.handleOAuth);
  await addWeb(server, builtWeb());
  await server.register(async (scope) => {
    for (const [name, route] of Object.entries(deps.contract))
      addRoute(scope, deps, route, deps.api[name as keyof C]!);
  });
  return server;
}

/** Compiles the schema of an answer when the first one is sent: the reason is that of `createValidatorCompiler`. */
function compileSerializer({ schema }: { schema: object }): (answer: unknown) => string {
  let stringify: ((answer: unknown) => string) | undefined;
  return (answer) => {
    stringify ??= fastJsonStringify(schema);
    return stringify(answer);
  };
}

/** `req_`, then random characters for this process, then a count. */
function createRequestIds(): () => string {
  const process = randomBytes(6).toString("hex");
  let count = 0;
  return () => `req_${process}${(count++).toString(36).padStart(6, "0")}`;
}

function addParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) => readJsonBody(body),
  );
}

/** @see HTML Living Standard §4.10.22.6 (URL-encoded form data) */
function addFormParser(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    async (_request: unknown, body: string) => parseFormBody(body),
  );
}

async function addReference(
  server: FastifyInstance,
  contract: Record<string, Route>,
  version: string,
): Promise<void> {
  await server.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Skillett", version, description: "The skills layer between AI agents and services." },
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "An API key, sk_…" },
          jwt: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "From GET /auth/token" },
          session: { type: "apiKey", in: "cookie", name: "skillett.session_token" },
        },
      },
    },
  });
  server.get("/openapi.json", { schema: { hide: true } }, async () => server.swagger());
  let page: string | undefined;
  server.get("/docs", { schema: { hide: true } }, (_request, reply) => {
    page ??= referencePage(contract, version);
    void reply.headers(pageHeaders).send(page);
  });
}

function addRoute<C extends Record<string, Route>>(
  parent: FastifyInstance,
  deps: HttpDeps<C>,
  route: Route,
  handler: (input: never) => unknown,
): void {
  const { params, query, headers, body, reply: expected } = route;
  void parent.register(async (scope) => {
    if (route.form) addFormParser(scope);
    if (route.archive) await addArchiveParsers(scope);
    if (route.upload) addUploadParser(scope);
    scope.route({
      method: route.method,
      url: route.path,
      config: { acts: route.acts ?? false, isUpload: route.upload ?? false },
      bodyLimit: bodyLimitOf(route),
      schema: {
        summary: route.summary,
        description: descriptionOf(route),
        ...(route.auth === "none" ? {} : { security: security[route.auth] }),
        ...(params ? { params } : {}),
        ...(query ? { querystring: query } : {}),
        ...(headers ? { headers } : {}),
        ...(body ? { body } : {}),
        ...(expected.raw ? {} : { response: { [expected.status]: expected.body ?? nothing } }),
      },
      // Before the body is read, so that nobody uploads anything for a refusal.
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
        reply.headers(expected.headers ?? {});
        if (route.auth === "none") return;
        request.caller = await principal(deps, route.auth, request);
        if (route.permission) refuseUnlessPermitted(request.caller, route.permission);
      },
      // From a person a missing body counts as an empty one, since all of its fields may be optional. A call needs one.
      preValidation: async (request: FastifyRequest) => {
        if (route.lenient) request.body = meant(body!, request.body);
        if (route.auth === "person" && body && request.body === undefined) request.body = {};
      },
      handler: (request, reply) => answer(deps, route, handler, request, reply),
    });
  });
}

/** Permission and largest body of a route, in sentences; empty when it has neither. */
function descriptionOf(route: Route): string {
  const { body, archive, permission } = route;
  return [
    permission ? `Needs the permission ${permission}.` : "",
    body || archive ? `Body: up to ${inWords(bodyLimitOf(route))}.` : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

async function answer<C extends Record<string, Route>>(
  deps: HttpDeps<C>,
  route: Route,
  handler: (input: never) => unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const input: Input<Route> = {
    params: request.params as never,
    query: request.query as never,
    headers: request.headers as never,
    body: (request.body ?? {}) as never,
    caller: request.caller as never,
    archive: (route.archive ? await readArchiveBody(request) : undefined) as never,
    upload: (route.upload ? uploadOf(request, reply) : undefined) as never,
    address: request.ip,
    face: faceOf(request.headers["user-agent"], request.caller !== null && !isCaller(request.caller)),
    signal: signalOf(reply),
  };
  const result = await handler(input as never);
  reply.code(route.reply.status);
  if (route.reply.raw) {
    const { status, body, headers } = result as RawReply;
    if (status) reply.code(status);
    if (!headers?.["content-type"]) reply.type("application/json; charset=utf-8");
    return reply.headers(headers ?? {}).send(body);
  }
  reply.headers(await limitHeaders(deps, request.caller));
  return reply.send(result);
}

const security: Record<Exclude<Route["auth"], "none">, Record<string, string[]>[]> = {
  key: [{ key: [] }],
  person: [{ jwt: [] }, { session: [] }],
  any: [{ key: [] }, { jwt: [] }, { session: [] }],
};

/** Where both will do, a JWT or no header at all is for people; any other header was meant as a key. */
function principal(
  deps: Pick<HttpDeps<never>, "authenticate" | "authenticatePerson">,
  auth: "key" | "person" | "any",
  { method, headers, ip }: FastifyRequest,
): Promise<Principal> {
  const { authorization } = headers;
  const byKey = auth === "key" || (auth === "any" && authorization !== undefined && !bearsJwt(authorization));
  if (byKey) return deps.authenticate(authorization, ip);
  return deps.authenticatePerson({ method, headers: new Headers(toHeaders(headers)) });
}

async function limitHeaders(
  { callerHeaders }: Pick<HttpDeps<never>, "callerHeaders">,
  caller: Principal | null,
): Promise<Record<string, string>> {
  return caller && isCaller(caller) ? callerHeaders(caller) : {};
}

/** Aborts when the client goes away before it has its answer. */
function signalOf(reply: FastifyReply): RequestSignal {
  const signal = new RequestSignal();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) signal.abort();
  });
  return signal;
}

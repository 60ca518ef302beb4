import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { createClient, readText } from "#client/client.js";
import { ApiError, NetworkError } from "#client/errors.js";
import { byteRoutes, type RouteName, routes } from "#client/routes.js";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answering(status: number, body: string, type = "application/json"): RequestListener {
  return (_, response) => response.writeHead(status, { "content-type": type }).end(body);
}

test("the client has the routes of the contract, and knows which answer with bytes", () => {
  const all = Object.entries(contract) as [RouteName, Route][];
  expect(routes).toEqual(
    Object.fromEntries(all.map(([name, { method, path }]) => [name, `${method} ${path}`])),
  );
  const raw = all.filter(([, { reply }]) => reply.raw && !reply.body).map(([name]) => name);
  expect([...byteRoutes].sort()).toEqual(raw.sort());
});

test("a call sends path, query, headers, key and body where the contract says", async () => {
  let seen: unknown;
  const url = await serve(async (request, response) => {
    const { method, url, headers } = request;
    seen = {
      method,
      url,
      auth: headers.authorization,
      key: headers["idempotency-key"],
      body: await text(request),
    };
    response.writeHead(200, { "content-type": "application/json" }).end('{"status":201,"data":{"id":1}}');
  });
  const client = createClient({ url: `${url}/`, apiKey: "sk_1" });
  const reply = await client.executeEndpoint({
    params: { integration: "git/hub", endpoint: "create issue" },
    query: { dry_run: true },
    headers: { "idempotency-key": "k1" },
    body: { params: { title: "ü" } },
  });
  expect(reply).toEqual({ status: 201, data: { id: 1 } });
  expect(seen).toEqual({
    method: "POST",
    url: "/v1/git%2Fhub/create%20issue?dry_run=true",
    auth: "Bearer sk_1",
    key: "k1",
    body: '{"params":{"title":"ü"}}',
  });
});

test("a path segment that a URL parser would swallow is refused", async () => {
  const client = createClient({ url: "http://127.0.0.1:1" });
  for (const integration of ["..", ".", ""]) {
    await expect(client.getIntegration({ params: { integration } })).rejects.toMatchObject({
      code: "bad_request",
      issues: [{ at: "params.integration" }],
    });
  }
});

test("a path of several segments keeps its slashes, and nothing else", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url);
    answering(200, "x", "text/plain")(request, response);
  });
  const client = createClient({ url });
  const file = (path: string) => client.getPublishedFile({ params: { name: "a b", "*": path } });
  await file("references/große Tabelle?#%2F.md");
  expect(asked).toEqual(["/.well-known/agent-skills/a%20b/references/gro%C3%9Fe%20Tabelle%3F%23%252F.md"]);
  for (const path of ["", "..", "a/../b", "a//b", "/a", "a/"])
    await expect(file(path)).rejects.toMatchObject({ code: "bad_request", issues: [{ at: "params.*" }] });
});

test("a refusal is an ApiError with the server's own words", async () => {
  const body =
    '{"error":"not_found","message":"Endpoint not found.","retryable":false,"request_id":"req_1"} ';
  const client = createClient({ url: await serve(answering(404, body)) });
  const error = await client.getUsage().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 404,
    message: "Endpoint not found.",
    text: body,
    body: { error: "not_found" },
  });
});

test("a refusal below /api, which has its sentence in error, is the same to who calls", async () => {
  const body = '{"error":"Agent not found","code":"not_found","retryable":false,"request_id":"req_1"}';
  const client = createClient({ url: await serve(answering(404, body)) });
  const error = await client.getAgent({ params: { id: "nobody" } }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    message: "Agent not found",
    text: body,
    body: { error: "not_found", message: "Agent not found", request_id: "req_1" },
  });
});

test.each([
  ["a page of a proxy", answering(502, "<h1>Bad gateway</h1>", "text/html")],
  ["JSON of something else", answering(404, '{"detail":"no"}')],
  ["a page where JSON is due", answering(200, "<h1>Welcome</h1>", "text/html")],
  ["a redirect", ((_, response) => response.writeHead(301, { location: "/" }).end()) as RequestListener],
])("%s is no answer of Skillett's", async (_, listener) => {
  const client = createClient({ url: await serve(listener) });
  await expect(client.getUsage()).rejects.toThrow(NetworkError);
});

test("a port nobody listens at is a NetworkError with the system's code", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const client = createClient({ url: `http://127.0.0.1:${port}` });
  await expect(client.health()).rejects.toMatchObject({ name: "NetworkError", code: "ECONNREFUSED" });
});

test("an answer that breaks off is a NetworkError", async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"status":200', () => response.destroy());
  });
  const reply = await createClient({ url }).stream("getUsage");
  await expect(readText(reply)).rejects.toThrow(NetworkError);
});

test("a stream gives the bytes untouched", async () => {
  const body = '{"status":200,"data":{"id":12345678901234567890,"x":1.10}}';
  const client = createClient({ url: await serve(answering(200, body)) });
  const reply = await client.stream("executeEndpoint", {
    params: { integration: "a", endpoint: "b" },
    body: {},
  });
  expect(reply.status).toBe(200);
  expect(await readText(reply)).toBe(body);
});

test("an aborted call throws the signal's reason", async () => {
  const controller = new AbortController();
  const url = await serve(() => controller.abort(new Error("enough")));
  await expect(createClient({ url }).getUsage({ signal: controller.signal })).rejects.toThrow("enough");
});

const odd = Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0, 0xfe, 0x80, 0xc3]);

test("bytes come out as they are, and 204 gives nothing", async () => {
  const url = await serve((_, response) =>
    response.writeHead(200, { "content-type": "application/zip" }).end(odd),
  );
  const exported = await createClient({ url }).exportSkill({ params: { id: "notes" }, query: {} });
  expect(Buffer.from(exported)).toEqual(odd);
  const keys = createClient({ url: await serve((_, response) => response.writeHead(204).end()) });
  expect(await keys.revokeApiKey({ params: { id: "key_1" } })).toBeUndefined();
});

test("an archive goes in as it is, and cannot be left out", async () => {
  const seen: { type: string | undefined; body: Buffer; url: string | undefined }[] = [];
  const url = await serve(async (request, response) => {
    seen.push({ type: request.headers["content-type"], body: await buffer(request), url: request.url });
    answering(201, '{"skills":[],"skipped":[],"problems":[]}')(request, response);
  });
  const client = createClient({ url });
  await client.importWithKey({ archive: new Uint8Array(odd), query: { replace: true } });
  expect(seen).toEqual([
    { type: "application/octet-stream", body: odd, url: "/v1/registry/import?replace=true" },
  ]);
  // @ts-expect-error the archive is required
  client.validateWithKey({}).catch(() => {});
});

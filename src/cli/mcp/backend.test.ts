import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { createBridge } from "#cli/mcp/backend.js";
import { createNodeTransport } from "#cli/server/transport.js";
import { UsageError } from "#cli/terminal/failure.js";
import { createClient } from "#client/client.js";
import { badRequest } from "#core/errors.js";
import type { Backend } from "#mcp/backend.js";
import { type Answers, startServer } from "#support/cli.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A backend before a server that answers as told. */
async function before(answers: Answers, signal = new AbortController().signal) {
  const server = await startServer(answers);
  closers.push(server.close);
  const faults: unknown[] = [];
  const backend = createBridge({
    connect: () =>
      createClient({ url: server.url, apiKey: "sk_1", transport: createNodeTransport({}, undefined, false) }),
    signal,
    doctor: "skillett doctor",
    onError: (error) => faults.push(error),
  });
  return { backend, server, faults };
}

/** The body of the error that a call ends with. */
async function refused(backend: Backend, call: Promise<unknown>) {
  return backend.toErrorBody(
    await call.then(
      () => expect.unreachable(),
      (error: unknown) => error,
    ),
  );
}

test("bytes come back as they were, numbers and files alike", async () => {
  const json = '{"status":200,"data":{"id":12345678901234567890,"x":1.10}}';
  const bytes = Buffer.from([0, 255, 254, 13, 10, 128]);
  const { backend, server } = await before(({ url }, response) => {
    if (!url.startsWith("/.well-known")) return { text: json };
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
    return "handled";
  });
  const params = { integration: "github", endpoint: "get_repo" };
  expect((await backend.executeEndpoint({ params, body: {} })).bytes.toString()).toBe(json);
  const file = await backend.getPublishedFile({ params: { name: "x", "*": "assets/ä.bin" } });
  expect(file.bytes).toEqual(bytes);
  expect(server.received.map(({ url }) => url)).toEqual([
    "/v1/github/get_repo",
    "/.well-known/agent-skills/x/assets/%C3%A4.bin",
  ]);
});

test("the server's own words pass as they are", async () => {
  const body = {
    error: "integration_not_connected",
    message: "The user needs to connect their github account first.",
    action_url: "http://localhost/dashboard/integrations",
    next: ["skillett connect github"],
    retryable: false,
    request_id: "req_1",
  };
  const { backend } = await before(() => ({ status: 403, json: body }));
  expect(await refused(backend, backend.getIntegration({ params: { integration: "github" } }))).toEqual(body);
});

test("a server that is gone or is no Skillett server is reported as server_unreachable", async () => {
  const { backend, server, faults } = await before(() => ({ text: "<h1>Welcome</h1>", type: "text/html" }));
  const unreachable = {
    error: "server_unreachable",
    next: ["skillett doctor"],
    retryable: true,
    request_id: "none",
  };
  expect(await refused(backend, backend.listIntegrations({}))).toEqual({
    ...unreachable,
    message: expect.stringContaining("not as a Skillett server does"),
  });
  await server.close();
  expect(await refused(backend, backend.listIntegrations({}))).toEqual({
    ...unreachable,
    message: expect.stringContaining("connection refused"),
  });
  expect(faults).toEqual([]);
});

test.each([
  ["no answer", {}, false, "unknown"],
  ["no answer to what has a key", { headers: { "idempotency-key": "k" } }, true, undefined],
  ["no answer to a dry run", { query: { dry_run: true } }, true, undefined],
])("%s says whether the call may have been made", async (_, more, retryable, outcome) => {
  const params = { integration: "github", endpoint: "create_issue" };
  const call = (backend: Backend) => refused(backend, backend.executeEndpoint({ params, body: {}, ...more }));
  for (const answer of ["nothing", "half"]) {
    const { backend, server } = await before((_request, response) => {
      if (answer === "half")
        response.writeHead(200, { "content-type": "application/json" }).write('{"status":2');
      response.destroy();
      return "handled";
    });
    const told = await call(backend);
    expect(told).toMatchObject({ error: "server_unreachable", retryable });
    expect(told.outcome).toBe(outcome);
    if (outcome) expect(told.message).toContain("look at the service before you repeat it");
    await server.close();
    // Nobody is there: nothing was made.
    expect(await call(backend)).toMatchObject({ error: "server_unreachable", retryable: true });
  }
});

test("JSON that is cut off is reported without its text", async () => {
  const { backend, faults } = await before(() => ({ text: '{"integrations": [{"slug": "sk_' }));
  expect(await refused(backend, backend.listIntegrations({}))).toMatchObject({
    error: "internal",
    message: "The server's answer was not understood. Are server and CLI of the same version?",
    retryable: false,
  });
  expect(faults).toHaveLength(1);
});

test("a missing login is reported with the command that helps", async () => {
  const { signal } = new AbortController();
  const backend = createBridge({
    connect: () => {
      throw new UsageError("No server is configured.", ["skillett login", "skillett up"]);
    },
    signal,
    doctor: "skillett doctor",
    onError: () => expect.unreachable(),
  });
  expect(await refused(backend, backend.listIntegrations({}))).toEqual({
    error: "unauthorized",
    message: "No server is configured.",
    next: ["skillett login"],
    retryable: false,
    request_id: "none",
  });
});

test("a refusal of arguments keeps its issues", async () => {
  const { backend } = await before(() => expect.unreachable());
  const issues = [{ at: "integration_run.params", message: "must be object" }];
  expect(backend.toErrorBody(badRequest(issues))).toMatchObject({ error: "bad_request", issues });
  const params = { integration: "..", endpoint: "x" };
  expect(await refused(backend, backend.getEndpoint({ params }))).toMatchObject({ error: "bad_request" });
});

test.each(["the call's own signal", "the end of the session"])("%s aborts the request", async (which) => {
  const [own, session] = [new AbortController(), new AbortController()];
  const aborted = which.startsWith("the call") ? own : session;
  let gone: Promise<unknown> | undefined;
  const { backend, faults } = await before((_, response) => {
    gone = once(response, "close");
    aborted.abort(new Error("enough"));
    return "handled";
  }, session.signal);
  const params = { integration: "github", endpoint: "get_repo" };
  await expect(backend.executeEndpoint({ params, body: {}, signal: own.signal })).rejects.toThrow("enough");
  await gone;
  expect(faults).toEqual([]);
});

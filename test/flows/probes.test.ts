import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Whose account is it? What services answer to that, when somebody connects. */

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

onEachEngine("the account of a new connection", (engine) => {
  let service: Server;
  let skillett: Skillett;
  let answers: Record<string, Answer> = {};

  beforeAll(async () => {
    service = createServer((request, response) => {
      const { status, headers = {}, body = {} } = answers[request.url ?? ""] ?? { status: 404 };
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(body));
    });
    const url = await listen(service);
    skillett = await startSkillett(engine, {
      env: { SKILLETT_GOOGLE_CALENDAR_BASE_URL: url, SKILLETT_GITHUB_BASE_URL: url },
    });
  });
  afterAll(async () => {
    await skillett?.close();
    if (service) await closeServer(service);
  });

  const connect = (integration: string) =>
    skillett.call("POST", "/v1/connect", {
      body: { integration, credentials: { token: "token-0123456789" } },
    });

  it("Google Calendar connects when the primary calendar is on no first page", async () => {
    const others = Array.from({ length: 250 }, (_, i) => ({ id: `c${i}@group.calendar.google.com` }));
    const list = { status: 200, body: { items: others, nextPageToken: "more" } };
    answers = {
      "/users/me/calendarList?maxResults=250": list,
      "/users/me/calendarList": list,
      "/calendars/primary": { status: 200, body: { id: "ada@example.com", summary: "My week" } },
    };
    expect((await connect("google-calendar")).json).toMatchObject({
      status: "connected",
      account: "ada@example.com",
    });
  });

  it.each<[string, Answer]>([
    ["500", { status: 500 }],
    ["429", { status: 429 }],
    ["408", { status: 408 }],
    ["425", { status: 425 }],
    ["403 that asks to wait", { status: 403, headers: { "retry-after": "60" } }],
    ["403 with nothing left of the limit", { status: 403, headers: { "x-ratelimit-remaining": "0" } }],
  ])("a %s says nothing about the credential, which may be tried again", async (_, answer) => {
    answers = { "/user": answer };
    expect(await connect("github")).toMatchObject({
      status: 502,
      json: { error: "upstream_unreachable", retryable: true },
    });
  });

  it.each([400, 401, 403, 404])("a %i refuses the credential", async (status) => {
    answers = { "/user": { status } };
    expect(await connect("github")).toMatchObject({ status: 400, json: { error: "bad_request" } });
  });
});

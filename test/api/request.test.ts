import { expect } from "vitest";
import { addKey, addPerson, connectGithub, describeApi, type Scenario } from "./scenario.js";

/** POST /v1/:integration/request */

const path = "/v1/github/request";
const user = { method: "GET", path: "/user" };
/** No endpoint has it, and the stand-in answers it. */
const other = { method: "GET", path: "/rate_limit" };
const row = { integration: "github", endpoint: "request", status: "completed", error: null };
const refused = (error: string) => ({ integration: "github", status: "refused", error });

const successes: Scenario[] = [
  {
    name: "a request that is no endpoint is sent with the scope for raw requests",
    method: "POST",
    path,
    key: "raw",
    body: { method: "GET", path: "/repos/acme/webapp/nothing?secret=1", query: { per_page: 3 } },
    expect: {
      status: 200,
      json: { status: 404 },
      upstream: 1,
      row: { ...row, status: "refused_upstream" },
    },
  },
  {
    name: "a request that is an endpoint is treated as the endpoint, without the scope for raw requests",
    method: "POST",
    path,
    body: { method: "GET", path: "/user" },
    expect: {
      status: 200,
      json: { status: 200, data: { login: "octocat" } },
      upstream: 1,
      row: { ...row, endpoint: "get_authenticated_user" },
    },
  },
  {
    name: "a request that is an endpoint which writes has its effect, and its body is the caller's",
    method: "POST",
    path,
    body: { method: "POST", path: "/repos/acme/webapp/issues", body: { title: "Raw" } },
    expect: {
      status: 200,
      json: { status: 201, data: { title: "Raw" } },
      upstream: 1,
      row: { ...row, endpoint: "create_issue" },
    },
  },
  {
    name: "a dry run shows the request as it would be sent",
    method: "POST",
    path: `${path}?dry_run=true`,
    key: "raw",
    body: {
      method: "PATCH",
      path: "/x/y?a=1",
      query: { b: ["2", 3], c: true },
      headers: { "X-Mine": "yes", Accept: "text/plain" },
      body: { n: 1 },
    },
    expect: {
      status: 200,
      json: {
        dry_run: true,
        request: {
          method: "PATCH",
          url: expect.stringMatching(/^http:[^?]*\/x\/y\?a=1&b=2&b=3&c=true$/),
          headers: {
            authorization: "Bearer [credential]",
            "content-type": "application/json",
            "x-mine": "yes",
            accept: "text/plain",
            "x-github-api-version": "2022-11-28",
          },
          body: { n: 1 },
        },
      },
    },
  },
];

const refusals: Scenario[] = [
  ...["owner", "github", "reader"].map(
    (key): Scenario => ({
      name: `a request that is no endpoint is refused to a key of ${key}, naming the scope`,
      method: "POST",
      path,
      key,
      body: other,
      expect: {
        status: 403,
        json: {
          error: "scope_not_allowed",
          message: expect.stringMatching(/takes the scope github:raw, which no other scope contains/),
          ...(key === "owner" && { next: ["skillett keys create raw --scopes '*,github:raw'"] }),
        },
        row: { ...refused("scope_not_allowed"), endpoint: "request" },
      },
    }),
  ),
  {
    name: "the scope for raw requests alone does not call an endpoint",
    method: "POST",
    path,
    key: "raw",
    body: user,
    expect: {
      status: 403,
      json: {
        error: "scope_not_allowed",
        message: "API key may not call github get_authenticated_user (read). It has github:raw.",
      },
      row: { ...refused("scope_not_allowed"), endpoint: "get_authenticated_user" },
    },
  },
  {
    name: "a request that goes beyond the params of its endpoint takes the scope for raw requests too",
    method: "POST",
    path,
    body: { method: "POST", path: "/repos/acme/webapp/issues", body: { title: "Raw", odd: 1 } },
    expect: {
      status: 403,
      json: { error: "scope_not_allowed", message: expect.stringContaining("body.odd") },
      row: { ...refused("scope_not_allowed"), endpoint: "create_issue" },
    },
  },
  {
    name: "a path that leaves the base URL is refused, and recorded",
    method: "POST",
    path,
    key: "raw",
    body: { method: "GET", path: "/a/%2e%2e/b" },
    expect: {
      status: 400,
      issues: { path: "must not have . or .. as a segment" },
      row: { ...refused("bad_request"), endpoint: "request" },
    },
  },
  {
    name: "every problem of a request is reported at once, each with its place",
    method: "POST",
    path,
    key: "raw",
    body: {
      method: "GET",
      path: "//evil.example/",
      query: { a: "\u0001" },
      headers: {
        Host: "evil.example",
        Authorization: "Bearer x",
        "x-github-api-version": "1",
        "x-a": "a\r\nb: c",
      },
      body: {},
    },
    expect: {
      status: 400,
      issues: {
        path: "empty segment",
        "query.a": "control characters",
        "headers.Host": "says how the request is sent",
        "headers.Authorization": "credentials",
        "headers.x-github-api-version": "is set by the integration",
        "headers.x-a": "line breaks",
        body: "a GET has none",
      },
      row: refused("bad_request"),
    },
  },
  {
    name: "a method that is not known, and a field that is unknown, are refused",
    method: "POST",
    path,
    body: { method: "TRACE", path: "/user", paht: "/" },
    expect: { status: 400, issues: { method: "must be one of", paht: "Did you mean path?" } },
  },
];

describeApi(
  "request",
  async (stage) => {
    await connectGithub(stage);
    await addPerson(stage, "newcomer");
    await addKey(stage, "raw", { scopes: ["github:raw"] });
    await addKey(stage, "github", { scopes: ["github"] });
    await addKey(stage, "reader", { scopes: ["*:read"] });
  },
  [...successes, ...refusals],
);

import { expect } from "vitest";
import { addPerson, connectGithub, describeApi, type Scenario } from "./scenario.js";

/** POST /v1/:integration/:endpoint */

const create = "/v1/github/create_issue";
const bug = { repo: "acme/webapp", title: "Bug report" };
const refusedRow = (error: string) => ({ integration: "github", status: "refused", error });

const successes: Scenario[] = [
  {
    name: "a call answers with the status and the body of the service",
    method: "POST",
    path: create,
    body: { params: { ...bug, labels: ["bug", "priority"] } },
    expect: {
      status: 200,
      json: { status: 201, data: { title: "Bug report", state: "open", html_url: expect.any(String) } },
      headers: {
        "content-type": "application/json; charset=utf-8",
        "x-request-id": expect.stringMatching(/^req_/),
      },
      upstream: 1,
      row: { endpoint: "create_issue", status: "completed", upstream_status: 201, error: null },
    },
  },
  {
    name: "an error of the service is its answer, not ours",
    method: "POST",
    path: create,
    body: { params: { repo: "acme/nothing", title: "x" } },
    expect: {
      status: 200,
      json: { status: 404, data: { message: "Not Found" } },
      upstream: 1,
      row: { status: "refused_upstream", upstream_status: 404, error: null },
    },
  },
  {
    name: "no params are needed where none are required",
    method: "POST",
    path: "/v1/github/get_authenticated_user",
    body: {},
    expect: { status: 200, json: { status: 200, data: { login: "octocat" } }, upstream: 1, row: {} },
  },
  {
    name: "a call may name its connection by id",
    method: "POST",
    path: "/v1/github/get_authenticated_user",
    body: { connection: "{hubot}" },
    expect: { status: 200, json: { data: { login: "hubot" } }, upstream: 1, row: {} },
  },
  {
    name: "a call may name its connection by the account",
    method: "POST",
    path: "/v1/github/get_authenticated_user",
    body: { connection: "hubot" },
    expect: { status: 200, json: { data: { login: "hubot" } }, upstream: 1, row: {} },
  },
  {
    name: "a dry run shows the request, sends nothing and writes nothing",
    method: "POST",
    path: `${create}?dry_run=true`,
    body: { params: bug },
    expect: {
      status: 200,
      json: {
        dry_run: true,
        request: {
          method: "POST",
          url: expect.stringMatching(/\/repos\/acme\/webapp\/issues$/),
          headers: { authorization: "Bearer [credential]", "content-type": "application/json" },
          body: { title: "Bug report" },
        },
      },
    },
  },
  {
    name: "a dry run with false is a run",
    method: "POST",
    path: `${create}?dry_run=false`,
    body: { params: bug },
    expect: { status: 200, json: { status: 201 }, upstream: 1, row: {} },
  },
];

const refusals: Scenario[] = [
  {
    name: "every problem of the params is reported at once, each with its place",
    method: "POST",
    path: create,
    body: {
      params: { repo: "acme", labels: "bug", milestone: "one", titel: "Bug", assignees: ["hubot", 7] },
    },
    expect: {
      status: 400,
      issues: {
        "params.repo": "must have 2 parts",
        "params.title": "is required",
        "params.titel": "is unknown. Did you mean title?",
        "params.labels": "must be an array, not a string",
        "params.milestone": "must be an integer",
        "params.assignees.1": "must be a string, not a number",
      },
      row: { ...refusedRow("bad_request"), connection_id: expect.stringMatching(/^conn_/) },
    },
  },
  {
    name: "a dry run is as strict as a run",
    method: "POST",
    path: `${create}?dry_run=true`,
    body: { params: {} },
    expect: {
      status: 400,
      issues: { "params.repo": "is required", "params.title": "is required" },
      row: refusedRow("bad_request"),
    },
  },
  {
    name: "an unknown field of the body is refused with the nearest",
    method: "POST",
    path: create,
    body: { param: bug, conection: "x" },
    expect: {
      status: 400,
      issues: {
        param: "is unknown. Did you mean params?",
        conection: "is unknown. Did you mean connection?",
      },
    },
  },
  {
    name: "params that are no object are refused",
    method: "POST",
    path: create,
    body: { params: ["acme/webapp"] },
    expect: { status: 400, issues: { params: "must be an object, not an array" } },
  },
  {
    name: "a dry_run that is neither true nor false is refused",
    method: "POST",
    path: `${create}?dry_run=perhaps`,
    body: { params: bug },
    expect: { status: 400, issues: { "query.dry_run": "must be a boolean" } },
  },
  {
    name: "an unknown integration is not found, and the nearest is named",
    method: "POST",
    path: "/v1/gitlab/create_issue",
    body: { params: bug },
    expect: {
      status: 404,
      json: {
        error: "not_found",
        message: "Integration gitlab not found. Did you mean github?",
        next: ["skillett skills"],
      },
    },
  },
  {
    name: "an unknown endpoint is not found",
    method: "POST",
    path: "/v1/github/make_issue",
    body: { params: bug },
    expect: { status: 404, json: { error: "not_found", next: ["skillett skills github"] } },
  },
  {
    name: "an integration that is not connected is refused, with how to connect it",
    method: "POST",
    path: create,
    key: "newcomer",
    body: { params: bug },
    expect: {
      status: 403,
      json: {
        error: "integration_not_connected",
        message: "The user needs to connect their github account first.",
        action_url: expect.stringMatching(/^http:.*\/dashboard\/integrations$/),
        next: ["skillett connect github --token -"],
      },
      row: refusedRow("integration_not_connected"),
    },
  },
  {
    name: "a connection that is not there is not found",
    method: "POST",
    path: create,
    body: { params: bug, connection: "nobody" },
    expect: {
      status: 404,
      json: { error: "not_found", next: ["skillett connections"] },
      row: refusedRow("not_found"),
    },
  },
];

const keys = [
  { name: "empty", value: "", says: "must not be empty" },
  { name: "too long", value: "k".repeat(256), says: "at most 255" },
  { name: "with a space", value: "a b", says: "pattern" },
  { name: "not ASCII", value: "caf\u00e9", says: "pattern" },
];
const badKeys = keys.map(
  ({ name, value, says }): Scenario => ({
    name: `an Idempotency-Key that is ${name} is refused`,
    method: "POST",
    path: create,
    headers: { "idempotency-key": value },
    body: { params: bug },
    expect: { status: 400, issues: { "header.idempotency-key": says } },
  }),
);

describeApi(
  "execute",
  async (stage) => {
    await connectGithub(stage);
    const { skillett, github, names } = stage;
    names.hubot = await skillett.connect("github", github.mintToken("hubot"));
    await addPerson(stage, "newcomer");
  },
  [...successes, ...refusals, ...badKeys],
);

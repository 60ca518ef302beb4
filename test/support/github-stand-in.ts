import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { createEmulator } from "emulate";
import { type Dispatcher, Pool } from "undici";
import { githubSeed, innerToken, type Login, seedIssues } from "./github-seed.js";
import { closeServer, listen } from "./loopback.js";

/** Answers one request in place of GitHub: with an HTTP answer, a dropped connection, or silence. */
export type Fault = { status: number; headers?: Record<string, string>; body?: unknown } | "reset" | "hang";

export interface RecordedRequest {
  method: string;
  /** With the query string. */
  path: string;
  /** As received, but `authorization` keeps only the last four characters of the token. */
  headers: IncomingHttpHeaders;
  /** Parsed when it is JSON, else text; undefined when empty. */
  body: unknown;
}

export interface GithubStandIn {
  /** Base URL without a slash at the end, for `SKILLETT_GITHUB_BASE_URL`. */
  url: string;
  /** A personal access token (`ghp_…`) that works until revoked. */
  mintToken(login?: Login): string;
  revoke(token: string): void;
  /** Meets the next request, whatever it is; several queue up. */
  failNext(fault: Fault): void;
  /** Every request so far, oldest first, refused and failed ones too. */
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/**
 * GitHub's REST API on loopback, with `acme/webapp` and `acme/app` in it. The answers come from the `emulate`
 * package, which takes any bearer token; the front before it is as strict as GitHub: a token not minted here
 * or a missing User-Agent is refused. As on GitHub, a login has 5,000 requests per hour.
 */
export async function startGithub({ port = 0, host = "127.0.0.1" } = {}): Promise<GithubStandIn> {
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    hostname: "127.0.0.1",
    seed: githubSeed,
  });
  const pool = new Pool(emulator.url.replace("localhost", "127.0.0.1"));
  const logins = new Map<string, Login>();
  const faults: Fault[] = [];
  const requests: RecordedRequest[] = [];
  const front = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const url = await seedIssues(pool)
    .then(() => listen(front, port, host))
    .catch(async (error: unknown) => {
      await stop();
      throw error;
    });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    requests.push(recorded(request, body));
    const fault = faults.shift();
    if (fault) return fail(response, fault);
    if (!request.headers["user-agent"]) return send(response, 403, noUserAgent);
    const login = logins.get(bearer(request) ?? "");
    if (!login) return send(response, 401, unauthorized(request));
    await forward(request, body, login, response);
  }

  async function forward(request: IncomingMessage, body: Buffer, login: Login, response: ServerResponse) {
    const answered = await pool.request({
      method: request.method as Dispatcher.HttpMethod,
      path: request.url ?? "/",
      headers: forwardedHeaders(request, login),
      body: body.length > 0 ? body : null,
    });
    const text = (await answered.body.text()).replaceAll(emulator.url, url);
    const headers = pick(answered.headers, passedBack);
    const status = answered.statusCode;
    response.writeHead(status, headers).end(status >= 400 && text ? errorBody(status, text) : text);
  }

  async function stop(): Promise<void> {
    await closeServer(front);
    await pool.destroy();
    await emulator.close();
  }

  return {
    url,
    mintToken(login = "octocat") {
      const token = `ghp_${randomBytes(18).toString("hex")}`;
      logins.set(token, login);
      return token;
    },
    revoke: (token) => void logins.delete(token),
    failNext: (fault) => void faults.push(fault),
    requests,
    close: stop,
  };
}

const docs = "https://docs.github.com/rest";

/** GitHub tells a wrong token from a missing one. */
function unauthorized(request: IncomingMessage) {
  const message = request.headers.authorization ? "Bad credentials" : "Requires authentication";
  return { message, documentation_url: docs, status: "401" };
}

const noUserAgent =
  "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.\n";

/** The emulator leaves out `status` and names its own documentation. */
function errorBody(status: number, text: string): string {
  return JSON.stringify({ ...JSON.parse(text), documentation_url: docs, status: String(status) });
}

const passedBack = [
  "content-type",
  "link",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-ratelimit-resource",
];

function bearer(request: IncomingMessage): string | undefined {
  return /^(?:bearer|token) +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** With our `host`: the emulator makes the links to further pages from it. */
function forwardedHeaders(request: IncomingMessage, login: Login): Record<string, string> {
  return {
    ...pick(request.headers, ["host", "accept", "content-type", "user-agent"]),
    authorization: `Bearer ${innerToken(login)}`,
  };
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === "hang") return;
  if (fault === "reset") return void response.destroy();
  send(response, fault.status, fault.body ?? "", fault.headers);
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  const [type, text] =
    typeof body === "string"
      ? ["text/html", body]
      : ["application/json; charset=utf-8", JSON.stringify(body)];
  response.writeHead(status, { "content-type": type, ...headers }).end(text);
}

function recorded(request: IncomingMessage, body: Buffer): RecordedRequest {
  const { authorization, ...headers } = request.headers;
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: authorization ? { ...headers, authorization: masked(authorization) } : headers,
    body: parsed(body.toString()),
  };
}

function masked(authorization: string): string {
  const [scheme, ...token] = authorization.split(" ");
  return `${scheme} …${token.join(" ").slice(-4)}`;
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function pick(headers: IncomingHttpHeaders, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

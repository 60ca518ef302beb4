import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { closeServer, listen } from "#support/loopback.js";
import { fieldsOf, type RecordedRequest, record } from "#support/recorded-request.js";

/** Answers one request in place of the service: with an HTTP answer, a dropped connection, or silence. */
export type Fault = Answer | "reset" | "hang";

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Text is HTML unless the headers say otherwise, bytes go out as they are, anything else is JSON. */
  body?: unknown;
}

export interface FrontRequest {
  method: string;
  /** With the query string, as received. */
  path: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body's fields, a form's or a JSON object's; those that are text. */
  fields: Record<string, string>;
}

/** What went to the token endpoint. */
export interface TokenRequest extends RecordedRequest {
  grantType: string | undefined;
}

export interface FrontControls {
  /** Base URL without a slash at the end. */
  url: string;
  /** Meets the next request that does not go to the token endpoint; several queue up. */
  failNext(fault: Fault): void;
  /** The next request that does not go to the token endpoint waits for its answer until the test gives it. */
  holdNext(): HeldRequest;
  /** Meets the next request to the token endpoint; several queue up. */
  failNextToken(fault: Fault): void;
  /** Every request so far, oldest first, refused and failed ones too. Secrets keep their last four characters. */
  requests: RecordedRequest[];
  /** Those of `requests` that went to the token endpoint. */
  tokenRequests: TokenRequest[];
  close(): Promise<void>;
}

export interface HeldRequest {
  arrived: Promise<void>;
  answer(fault: Fault): void;
}

interface Options {
  port?: number;
  host?: string;
  tokenPath: string;
  answer(request: FrontRequest): Fault | Promise<Fault>;
}

/** An HTTP server on loopback that logs what comes, and fails when told to. */
export async function startFront({ port, host, tokenPath, answer }: Options): Promise<FrontControls> {
  const faults: (Fault | Held)[] = [];
  const tokenFaults: Fault[] = [];
  const requests: RecordedRequest[] = [];
  const tokenRequests: TokenRequest[] = [];
  const server = createServer((incoming, response) => {
    respond(incoming, response).catch(() => response.destroy());
  });
  const url = await listen(server, port, host);

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = received(incoming, await buffer(incoming), url);
    const recorded = record(request);
    requests.push(recorded);
    const forToken = request.url.pathname === tokenPath;
    if (forToken) tokenRequests.push({ ...recorded, grantType: request.fields.grant_type });
    const fault = (forToken ? tokenFaults : faults).shift();
    const reply = typeof fault === "function" ? await fault() : (fault ?? (await answer(request)));
    if (reply === "hang") return;
    if (reply === "reset") return void response.destroy();
    send(response, reply);
  }

  return {
    url,
    failNext: (fault) => void faults.push(fault),
    holdNext() {
      const { request, held } = holdRequest();
      faults.push(held);
      return request;
    },
    failNextToken: (fault) => void tokenFaults.push(fault),
    requests,
    tokenRequests,
    close: () => closeServer(server),
  };
}

/** Called when the request has come; resolves to its answer. */
type Held = () => Promise<Fault>;

function holdRequest(): { request: HeldRequest; held: Held } {
  let [arrive, answer] = [() => {}, (_: Fault) => {}];
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const answered = new Promise<Fault>((resolve) => {
    answer = resolve;
  });
  const held = () => {
    arrive();
    return answered;
  };
  return { request: { arrived, answer: (fault) => answer(fault) }, held };
}

/** HTML that browsers are shown instead of a redirect, because there is nowhere safe to go. */
export function errorPage(status: number, message: string): Answer {
  return { status, body: `<!doctype html><title>Error</title><h1>${message}</h1>` };
}

export function redirect(location: string | URL, headers: Record<string, string> = {}): Answer {
  return { status: 302, headers: { ...headers, location: String(location) } };
}

function received(incoming: IncomingMessage, body: Buffer, base: string): FrontRequest {
  const { method = "", url: path = "/", headers } = incoming;
  return { method, path, url: new URL(path, base), headers, body, fields: fieldsOf(headers, body) };
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  const [type, bytes] =
    typeof body === "string"
      ? ["text/html", body]
      : Buffer.isBuffer(body)
        ? ["application/octet-stream", body]
        : ["application/json; charset=utf-8", JSON.stringify(body)];
  response.writeHead(status, { "content-type": type as string, ...headers }).end(bytes);
}

import { createParser } from "eventsource-parser";
import { isSafeNumber, LosslessNumber } from "lossless-json";
import { parseAnswer } from "#core/answer-json.js";
import { SkillettError } from "#core/errors.js";
import { isDeeperThan } from "#core/json-text.js";
import type { RequestSignal } from "#core/request-signal.js";
import { bytesOf, openBody } from "#upstream/body.js";
import { type Repeating, toSkillettError } from "#upstream/failure.js";
import type { Use } from "#upstream/guard.js";
import type { AnswerHead, Upstream, UpstreamResponse } from "#upstream/send.js";

/** An MCP server, and how one caller reaches it. */
export interface Server {
  use: Use;
  /** How a person knows it. */
  service: string;
  url: string;
  /** SECRET: hold the credential. */
  headers: Readonly<Record<string, string>>;
}

/** Answers of a server up to here are read; it is given up when it sends more. */
export const maxAnswerBytes = 8 * 1024 * 1024;
/** Lists and objects within each other: far more than any answer worth reading has. */
const maxDepth = 500;

/**
 * The HTTP of a conversation with one server, as the client library sees it: every request is answered with the one
 * message that answers it. Notifications and requests of the server are passed over, and streams
 * for such are not opened.
 */
export interface Wire {
  fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** The latest answer that was no success, until one is. */
  refusal(): { head: AnswerHead; bytes: Buffer } | undefined;
  /** The head of the latest answer. */
  head(): AnswerHead | undefined;
  /** The latest exchange that failed. */
  failure(): SkillettError | undefined;
  /** The result of the latest request, as it came; undefined until it has one. */
  result(): unknown;
  /** A tool call has gone out, so that the server may have done it. */
  hasCalled(): boolean;
}

interface Deps {
  upstream: Upstream;
  server: Server;
  /** Effect of calling the tool twice. */
  repeating: Repeating;
  signal: RequestSignal;
}

export function createWire({ upstream, server, repeating, signal }: Deps): Wire {
  let head: AnswerHead | undefined;
  let refusal: { head: AnswerHead; bytes: Buffer } | undefined;
  let failure: SkillettError | undefined;
  let called = false;
  let result: unknown;

  async function post(url: string, init: RequestInit): Promise<Response> {
    const { id, method } = JSON.parse(String(init.body)) as { id?: unknown; method: string };
    const isCall = method === "tools/call";
    const exchange = {
      service: server.service,
      method: "POST",
      repeating: isCall ? repeating : "harmless",
    } as const;
    called ||= isCall;
    [head, result] = [undefined, undefined];
    const response = await upstream.send({
      ...exchange,
      use: server.use,
      url,
      headers: { ...server.headers, ...Object.fromEntries(new Headers(init.headers)) },
      body: String(init.body),
      signal,
    });
    head = headOf(response);
    try {
      refusal = response.status < 300 ? undefined : { head, bytes: await beginning(response) };
      if (refusal) return new Response(new Uint8Array(refusal.bytes), statusAndType(response));
      if (id === undefined) return await withoutBody(response);
      const message = await messageTo(id, response);
      result = message.result;
      return asJson(response, message);
    } catch (error) {
      // A stream begins before the work is done, so its status says nothing about that.
      const failed = toSkillettError(error, exchange);
      throw error instanceof TooLong ? tooLong(failed, server.service) : failed;
    }
  }

  return {
    async fetch(url, init = {}) {
      // A stream for messages that nobody asked for: servers may do without. @see MCP 2025-11-25, Streamable HTTP
      if (init.method !== "POST") return new Response(null, { status: 405 });
      try {
        return await post(String(url), init);
      } catch (error) {
        if (error instanceof SkillettError) failure = error;
        throw error;
      }
    },
    refusal: () => refusal,
    head: () => head,
    failure: () => failure,
    result: () => result,
    hasCalled: () => called,
  };
}

const headOf = ({ status, headers, url, repeated }: UpstreamResponse): AnswerHead => ({
  status,
  headers,
  url,
  repeated,
});

function statusAndType({ status, headers }: UpstreamResponse): ResponseInit {
  const passed = ["content-type", "www-authenticate"].flatMap((name) =>
    typeof headers[name] === "string" ? [[name, headers[name]] as [string, string]] : [],
  );
  return { status, headers: passed };
}

/** Enough of a refusal to show, and to tell why. */
async function beginning(response: UpstreamResponse): Promise<Buffer> {
  const { head, rest } = await openBody(response, 100_000);
  await rest?.return?.();
  return head.subarray(0, 100_000);
}

async function withoutBody({ body }: UpstreamResponse): Promise<Response> {
  await body.dump().catch(() => {});
  return new Response(null, { status: 202 });
}

/** A message as an answer whose JSON keeps every digit. */
function asJson({ headers }: UpstreamResponse, message: unknown): Response {
  const session = headers["mcp-session-id"];
  const response = new Response(null, {
    headers: {
      "content-type": "application/json",
      ...(typeof session === "string" && { "mcp-session-id": session }),
    },
  });
  return Object.assign(response, { json: async () => message });
}

async function messageTo(id: unknown, response: UpstreamResponse): Promise<{ result?: unknown }> {
  const isStream = /^text\/event-stream\b/i.test(String(response.headers["content-type"]));
  const opened = await openBody(response, 0);
  const bytes = within(maxAnswerBytes, bytesOf(opened));
  const messages = isStream ? eventsOf(bytes) : whole(bytes);
  for await (const text of messages) {
    // Batches are lists of messages. @see MCP 2025-03-26, Streamable HTTP
    const found = [readMessage(text)].flat().find((message) => answers(message, id));
    if (found !== undefined) return found;
  }
  throw new Error("The stream ended without an answer");
}

const answers = (message: unknown, id: unknown): message is { result?: unknown } =>
  typeof message === "object" &&
  message !== null &&
  "id" in message &&
  message.id === id &&
  !("method" in message);

/** The values of a message, with every digit of its numbers. @throws for text that is no JSON, or too deep */
export function readMessage(text: string): unknown {
  if (isDeeperThan(text, maxDepth)) throw new Error("The answer is nested too deeply");
  return parseAnswer(text, (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)));
}

/** Ends the exchange when more comes than an answer may have. */
async function* within(maxBytes: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLong();
    yield chunk;
  }
}

class TooLong extends Error {}

/** The error of an exchange that was given up because of it. */
export function tooLong({ code, outcome, cause }: SkillettError, service: string): SkillettError {
  const done = outcome === undefined ? "" : " It may have done what was asked: look before you try again.";
  const message = `${service} sent more than ${maxAnswerBytes / 1024 / 1024} MiB, which are not read.${done}`;
  return new SkillettError(code, { message, outcome, cause, retryable: false });
}

async function* whole(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  yield Buffer.concat(all).toString();
}

/** The data of each event. @see HTML Living Standard §9.2 */
async function* eventsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const ready: string[] = [];
  const parser = createParser({
    onEvent: ({ event = "message", data }) => {
      if (event === "message" && data !== "") ready.push(data);
    },
  });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}

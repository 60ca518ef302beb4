import { ApiError, notSkillett } from "#client/errors.js";
import { byteRoutes, type RouteName, routes } from "#client/routes.js";
import {
  fetchTransport,
  type Transport,
  type TransportReply,
  type TransportRequest,
} from "#client/transport.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput, CallOutput, OutgoingFile } from "#contract/io.js";
import { type ApiErrorBody, badRequest, type ErrorBody } from "#core/errors.js";

export interface ClientOptions {
  /** Where the server is, `https://skills.example.com`. */
  url: string;
  /** SECRET. `sk_…`; routes that need no key work without. */
  apiKey?: string | undefined;
  /** The program that asks, as `name/version`; for the server's log. Browsers say what they want. */
  userAgent?: string | undefined;
  /** Carries the requests; fetch, when left out. */
  transport?: Transport;
}

type Arguments<I> = Record<never, never> extends I ? [input?: I] : [input: I];

/**
 * Our API as functions, one for each route of the contract. A refusal of the server is thrown as
 * `ApiError`, no answer as `NetworkError`.
 */
export type Client = {
  [N in RouteName]: (...input: Arguments<CallInput<Contract[N]>>) => Promise<CallOutput<Contract[N]>>;
} & {
  /** A call like the others, with the reply's body as bytes: nothing is parsed, so no digit of a number is lost. */
  stream<N extends RouteName>(name: N, ...input: Arguments<CallInput<Contract[N]>>): Promise<TransportReply>;
};

/** The parts of a call at run time; the contract's types have checked them already. */
interface Parts {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  body?: unknown;
  archive?: Uint8Array<ArrayBuffer>;
  upload?: OutgoingFile;
  signal?: AbortSignal;
}

export function createClient(options: ClientOptions): Client {
  const { apiKey, userAgent, transport = fetchTransport } = options;
  const base = options.url.replace(/\/+$/, "");

  async function stream(name: RouteName, parts: Parts = {}): Promise<TransportReply> {
    const [method = "", path = ""] = routes[name].split(" ");
    const url = base + fillPath(path, parts.params ?? {}) + queryString(parts.query ?? {});
    const { type, length, body } = bodyOf(parts);
    const headers = {
      ...strings(parts.headers ?? {}),
      ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(type === undefined ? {} : { "content-type": type }),
      ...(length === undefined ? {} : { "content-length": String(length) }),
    };
    const reply = await transport({ method, url, headers, body, signal: parts.signal });
    if (isExpected(name, reply)) return reply;
    throw refusal(url, reply.status, await readText(reply));
  }

  async function call(name: RouteName, parts?: Parts): Promise<unknown> {
    const reply = await stream(name, parts);
    if (byteRoutes.has(name)) return readBytes(reply);
    const text = await readText(reply);
    return reply.status === 204 ? undefined : JSON.parse(text);
  }

  const calls = Object.keys(routes).map((name) => [name, (parts?: Parts) => call(name as RouteName, parts)]);
  return { ...Object.fromEntries(calls), stream } as Client;
}

function isExpected(name: RouteName, reply: TransportReply): boolean {
  if (reply.status < 200 || reply.status >= 300) return false;
  const type = reply.headers["content-type"] ?? "";
  return reply.status === 204 || byteRoutes.has(name) || type.includes("json");
}

/** The server tells a zip from a tar.gz by its bytes. */
function bodyOf({
  body,
  archive,
  upload,
}: Parts): Pick<TransportRequest, "body"> & { type?: string; length?: number } {
  if (upload) {
    const { mediaType: type, length, bytes } = upload;
    return {
      ...(type === undefined ? {} : { type }),
      ...(length === undefined ? {} : { length }),
      body: bytes,
    };
  }
  if (archive) return { type: "application/octet-stream", body: archive };
  if (body === undefined) return { body };
  return { type: "application/json", body: JSON.stringify(body) };
}

async function readBytes(reply: TransportReply): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reply.body) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

export async function readText(reply: TransportReply): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of reply.body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** `:name` takes one segment, `*` any number of them. */
function fillPath(path: string, params: Record<string, unknown>): string {
  return path.replace(/:(\w+)|\*/g, (_, name: string = "*") => {
    const value = String(params[name] ?? "");
    const segments = name === "*" ? value.split("/") : [value];
    return segments.map((segment) => encodeSegment(name, segment)).join("/");
  });
}

function encodeSegment(name: string, segment: string): string {
  // A URL parser would swallow these segments and ask for another path.
  if (segment === "" || segment === "." || segment === "..")
    throw badRequest([{ at: `params.${name}`, message: `"${segment}" cannot stand in a path` }]);
  return encodeURIComponent(segment);
}

function queryString(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .flatMap((one) => (one === undefined ? [] : [[name, String(one)] satisfies [string, string]])),
  );
  const text = new URLSearchParams(pairs).toString();
  return text === "" ? "" : `?${text}`;
}

function strings(values: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function refusal(url: string, status: number, text: string): Error {
  try {
    const body = asEverywhere(JSON.parse(text));
    if (typeof body?.error === "string" && typeof body.message === "string")
      return new ApiError(status, body, text);
  } catch {
    // Not JSON: some other server or a proxy spoke.
  }
  return notSkillett(url, status);
}

/** Below `/api`, the sentence stands in `error` and the code in `code`. */
function asEverywhere(body: ErrorBody | ApiErrorBody): ErrorBody {
  if (typeof body?.error !== "string" || !("code" in body)) return body as ErrorBody;
  const { error: message, code, ...rest } = body;
  return { error: code, message, ...rest };
}

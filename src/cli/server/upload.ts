import { explainRefusedKey } from "#cli/server/refused-key.js";
import type { Settings } from "#cli/server/settings.js";
import { createNodeTransport } from "#cli/server/transport.js";
import { readText } from "#client/client.js";
import { ApiError, notSkillett } from "#client/errors.js";
import { routes } from "#client/routes.js";
import type { Contract } from "#contract/contract.js";
import type { CallOutput } from "#contract/io.js";
import type { ErrorBody } from "#core/errors.js";

interface Upload {
  /** A tar.gz. */
  archive: Uint8Array;
  query?: Record<string, string>;
  signal: AbortSignal;
}

/**
 * Calls a route that takes an archive: the client sends JSON only.
 *
 * @throws ApiError when the server refuses
 * @throws NetworkError when there is no answer of a Skillett server
 */
export async function upload<N extends "importWithKey" | "validateWithKey">(
  name: N,
  { archive, query = {}, signal }: Upload,
  settings: Settings,
): Promise<CallOutput<Contract[N]>> {
  const [method = "", path = ""] = routes[name].split(" ");
  const search = new URLSearchParams(query).toString();
  const url = `${settings.url}${path}${search === "" ? "" : `?${search}`}`;
  const headers = { authorization: `Bearer ${settings.apiKey}`, "content-type": "application/gzip" };
  const send = explainRefusedKey(createNodeTransport(settings.env), settings);
  const reply = await send({ method, url, headers, body: archive, signal });
  const text = await readText(reply);
  const body = jsonOf(text);
  if (!body) throw notSkillett(url, reply.status);
  if (reply.status >= 200 && reply.status < 300) return body as CallOutput<Contract[N]>;
  const { error, message } = body as Partial<ErrorBody>;
  if (typeof error !== "string" || typeof message !== "string") throw notSkillett(url, reply.status);
  throw new ApiError(reply.status, body as ErrorBody, text);
}

function jsonOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

import { explainRefusedKey } from "#cli/refused-key.js";
import type { Settings } from "#cli/settings.js";
import { createNodeTransport } from "#cli/transport.js";
import { type CallOutput, readText } from "#client/client.js";
import { ApiError, notSkillett } from "#client/errors.js";
import type { getOwnSkills } from "#contract/assignments.js";
import type { importWithKey, validateWithKey } from "#contract/skill-registry.js";
import type { ErrorBody } from "#core/errors.js";

interface Routes {
  getOwnSkills: typeof getOwnSkills;
  importWithKey: typeof importWithKey;
  validateWithKey: typeof validateWithKey;
}

type RouteName = keyof Routes;

/** Written out, as the client's are: the schemas stay out of the program. */
const routes: { [N in RouteName]: `${Routes[N]["method"]} ${Routes[N]["path"]}` } = {
  getOwnSkills: "GET /v1/agent/skills",
  importWithKey: "POST /v1/registry/import",
  validateWithKey: "POST /v1/registry/validate",
};

interface Parts {
  /** A tar.gz; the client sends JSON only. */
  archive?: Uint8Array;
  query?: Record<string, string>;
  signal: AbortSignal;
}

/**
 * Calls the registry with the key, and with an archive where the route takes one.
 *
 * @throws ApiError when the server refuses
 * @throws NetworkError when there is no answer of a Skillett server
 */
export async function requestRegistry<N extends RouteName>(
  name: N,
  { archive, query = {}, signal }: Parts,
  settings: Settings,
): Promise<CallOutput<Routes[N]>> {
  const [method = "", path = ""] = routes[name].split(" ");
  const search = new URLSearchParams(query).toString();
  const url = `${settings.url}${path}${search === "" ? "" : `?${search}`}`;
  const headers = {
    authorization: `Bearer ${settings.apiKey}`,
    ...(archive ? { "content-type": "application/gzip" } : {}),
  };
  const send = explainRefusedKey(createNodeTransport(), settings);
  const reply = await send({ method, url, headers, body: archive, signal });
  const text = await readText(reply);
  const body = jsonOf(text);
  if (!body) throw notSkillett(url, reply.status);
  if (reply.status >= 200 && reply.status < 300) return body as CallOutput<Routes[N]>;
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

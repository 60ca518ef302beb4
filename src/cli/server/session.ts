import { explainRefusedKey } from "#cli/server/refused-key.js";
import { loadSettings, type Settings } from "#cli/server/settings.js";
import { createNodeTransport } from "#cli/server/transport.js";
import type { Host } from "#cli/terminal/host.js";
import { type Client, createClient } from "#client/client.js";
import { userAgents } from "#core/face.js";
import { version } from "#core/version.js";

/** A server to talk to, until Ctrl-C. */
export interface Session {
  client: Client;
  signal: AbortSignal;
}

export function openSession(host: Host, profile: string | undefined): Session {
  return sessionOf(loadSettings(host.env, profile), host);
}

/** For those who need to know the server's URL too. */
export function sessionOf(settings: Settings, host: Host): Session {
  return { client: connectTo(settings), signal: host.interrupted() };
}

/**
 * @param patienceMs how long the server may be silent; very long, when left out
 * @param keepAlive whether connections are used again
 * @param product what this program calls itself
 */
export function connectTo(
  settings: Settings,
  patienceMs?: number,
  keepAlive?: boolean,
  product: string = userAgents.cli,
): Client {
  const { url, apiKey, env } = settings;
  return createClient({
    url,
    apiKey,
    userAgent: `${product}/${version}`,
    transport: explainRefusedKey(createNodeTransport(env, patienceMs, keepAlive), settings),
  });
}

import type { Host } from "#cli/host.js";
import { loadSettings } from "#cli/settings.js";
import { createNodeTransport } from "#cli/transport.js";
import { type Client, createClient } from "#client/client.js";

/** A server to talk to, until Ctrl-C. */
export interface Session {
  client: Client;
  signal: AbortSignal;
}

export function openSession(host: Host, profile: string | undefined): Session {
  const { url, apiKey } = loadSettings(host.env, profile);
  return {
    client: createClient({ url, apiKey, transport: createNodeTransport() }),
    signal: host.interrupted(),
  };
}

import {
  Client,
  type StandardSchemaV1,
  StreamableHTTPClientTransport,
  UnsupportedProtocolVersionError,
} from "@modelcontextprotocol/client";
import type { RequestSignal } from "#core/request-signal.js";
import { version } from "#core/version.js";
import { limited } from "#mcp-servers/limited.js";
import type { Session, Sessions } from "#mcp-servers/sessions.js";
import { createWire, type Server, type Wire } from "#mcp-servers/wire.js";
import type { Repeating } from "#upstream/failure.js";
import type { Upstream } from "#upstream/send.js";

export interface ConverseDeps {
  upstream: Upstream;
  sessions: Sessions;
  /** Longest time for all exchanges together. */
  totalMs: number;
}

export interface About {
  server: Server;
  /** Effect of calling the tool twice. */
  repeating: Repeating;
  /** Aborts when nobody waits any more. */
  signal: RequestSignal;
}

export type Work<T> = (client: Client, wire: Wire) => Promise<T>;

/** A conversation that has failed; its cause is what was thrown, and the wire knows how far it had come. */
export class BrokenOff extends Error {
  readonly wire: Wire;

  constructor(wire: Wire, cause: unknown) {
    super("The conversation broke off", { cause });
    this.wire = wire;
  }
}

/** The time is ours to watch: a deadline of the library would not know what has been sent. */
export const noTimeout = { timeout: 2 ** 31 - 1 };

/** Results as they come: what is wrong with one is ours to say. */
export const anyResult: StandardSchemaV1<unknown, unknown> = {
  "~standard": { version: 1, vendor: "skillett", validate: (value) => ({ value }) },
};

/**
 * Speaks with a server, in the newest revision of MCP that it knows. A session that was opened before is used again, and
 * another one is opened when the server has ended it, which it says before it does anything.
 *
 * @throws BrokenOff
 */
export async function converse<T>(deps: ConverseDeps, about: About, work: Work<T>): Promise<T> {
  const { sessions, totalMs } = deps;
  const { server } = about;
  const { signal, end } = limited(about.signal, totalMs);
  const known = sessions.find(server);
  const converseOnce = (session: Session | undefined) =>
    within(createWire({ ...deps, ...about, signal }), sessions, server, session, work);
  try {
    return await converseOnce(known).catch((error: BrokenOff) => {
      if (!known || !hasEnded(error.wire)) throw error;
      sessions.forget(server);
      if ("prior" in known && !(error.cause instanceof UnsupportedProtocolVersionError)) throw error;
      return converseOnce(undefined);
    });
  } finally {
    end();
  }
}

async function within<T>(
  wire: Wire,
  sessions: Sessions,
  server: Server,
  known: Session | undefined,
  work: Work<T>,
): Promise<T> {
  const before =
    known && "id" in known ? { sessionId: known.id, protocolVersion: known.protocolVersion } : {};
  const transport = new StreamableHTTPClientTransport(new URL(server.url), { fetch: wire.fetch, ...before });
  // Nothing that a server may ask of a client is declared, so that it asks for nothing.
  const client = new Client(
    { name: "skillett", version },
    { capabilities: {}, versionNegotiation: { mode: "auto" }, inputRequired: { autoFulfill: false } },
  );
  try {
    const prior = known && ("prior" in known ? known.prior : ({ kind: "legacy" } as const));
    await client.connect(transport, { ...noTimeout, prior });
    if (!known) sessions.keep(server, sessionOf(client, transport));
    return await work(client, wire);
  } catch (error) {
    throw new BrokenOff(wire, wire.failure() ?? error);
  } finally {
    await client.close().catch(() => {});
  }
}

function sessionOf(client: Client, transport: StreamableHTTPClientTransport): Session {
  const discover = client.getDiscoverResult();
  if (discover) return { prior: { kind: "modern", discover } };
  return { id: transport.sessionId ?? "", protocolVersion: transport.protocolVersion };
}

/** 404 says so; servers of earlier revisions say 400, for any session they do not know. */
const hasEnded = (wire: Wire) => [400, 404].includes(wire.refusal()?.head.status ?? 0);

import { pipeline, Readable } from "node:stream";
import { authorize } from "#catalog/authorize.js";
import { matches } from "#catalog/body.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Integration, RequestPlan } from "#catalog/integration.js";
import { openCredential } from "#connections/credential.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import type { Call, Ending } from "#gateway/call.js";
import { envelope, mediaType, streamedEnvelope } from "#gateway/envelope.js";
import type { Begun } from "#gateway/idempotency.js";
import { type Connections, connected, needsReconnect, type SealedConnection } from "#store/connections.js";
import type { Vault } from "#store/vault.js";
import { type Opened, openBody } from "#upstream/body.js";
import { createRedactor, type Redactor } from "#upstream/redact.js";
import { toSkillettError, type Upstream, type UpstreamResponse } from "#upstream/send.js";

/** Bodies up to here are held and checked whole; longer ones stream through. */
const maxHeldBytes = 1_000_000;
/** `last_used_at` of a connection is exact to a minute. */
const touchEveryMs = 60_000;

export interface ExchangeDeps {
  catalog: Catalog;
  connections: Connections;
  upstream: Upstream;
  vault: Vault;
  clock: Clock;
}

interface Exchange {
  /** Admitted: its row is durable. */
  call: Call;
  connection: SealedConnection;
  plan: RequestPlan;
  begun: Begun | undefined;
  signal: GoneSignal;
}

/** Sends an admitted call, writes how it ended, and answers with the envelope. */
export async function exchange(deps: ExchangeDeps, given: Exchange): Promise<string | Readable> {
  const { call, connection, plan, begun, signal } = given;
  const integration = deps.catalog.integration(connection.integration);
  let status: number | null = null;
  try {
    const credential = openCredential(deps.vault, connection);
    const request = authorize(integration, connection.auth_method, credential, plan);
    const response = await deps.upstream.send({ ...request, service: integration.name, signal });
    status = response.status;
    const body = await openBody(response, maxHeldBytes);
    await noteConnection(deps, integration, connection, response, body);
    const redactor = createRedactor(Object.values(credential));
    if (body.rest) return stream(given, integration, response, body, redactor);

    const answer = envelope(status, mediaType(response.headers["content-type"]), redactor.buffer(body.head));
    await begun?.keep(answer);
    call.end(completed(status));
    return answer;
  } catch (error) {
    const failure = toSkillettError(error, { service: integration.name, method: plan.method });
    call.end(signal.aborted ? cancelled(status) : failed(status, failure.code));
    // Nothing was done, or doing it twice does no harm: the same key may try again.
    if (failure.retryable || failure.code === "token_expired") await begun?.release();
    throw failure;
  }
}

const completed = (upstreamStatus: number): Ending => ({ status: "completed", upstreamStatus, error: null });
const cancelled = (upstreamStatus: number | null): Ending => ({
  status: "cancelled",
  upstreamStatus,
  error: null,
});
const failed = (upstreamStatus: number | null, error: string): Ending => ({
  status: "failed",
  upstreamStatus,
  error,
});

/** Keeps the connection's status and last use true; throws when the service refuses the credential. */
async function noteConnection(
  { connections, clock }: ExchangeDeps,
  integration: Integration,
  connection: SealedConnection,
  response: UpstreamResponse,
  body: Opened,
): Promise<void> {
  if (refusesCredential(integration, response, body.head)) {
    await body.rest?.return?.();
    await connections.setStatus(connection, needsReconnect);
    throw new SkillettError("token_expired", {
      message: `${integration.name} refuses the stored credential of ${connection.account}. Please reconnect.`,
      next: [`skillett connect ${integration.slug} --token -`],
    });
  }
  if (connection.status !== connected) await connections.setStatus(connection, connected);
  const now = clock();
  if (now - (connection.last_used_at ?? 0) >= touchEveryMs) await connections.touch(connection, now);
}

function refusesCredential({ authFailed }: Integration, { status }: UpstreamResponse, head: Buffer): boolean {
  if (status === 401) return true;
  if (authFailed === null) return false;
  try {
    return matches(JSON.parse(head.toString()), authFailed);
  } catch {
    return false;
  }
}

/** The envelope of a body too large to hold; the call ends when the last byte is out. */
function stream(
  { call, plan }: Exchange,
  { name: service }: Integration,
  response: UpstreamResponse,
  { head, rest }: Opened,
  redactor: Redactor,
): Readable {
  const { status } = response;
  const { prefix, writer, suffix } = streamedEnvelope(
    status,
    mediaType(response.headers["content-type"]),
    head,
  );

  async function* source() {
    yield head;
    yield* { [Symbol.asyncIterator]: () => rest! };
  }
  async function* out() {
    let ending = cancelled(status);
    try {
      yield Buffer.from(prefix);
      yield* pipeline(Readable.from(source(), { objectMode: false }), redactor.stream(), writer, () => {});
      yield Buffer.from(suffix);
      ending = completed(status);
    } catch (error) {
      ending = failed(status, toSkillettError(error, { service, method: plan.method }).code);
      throw error;
    } finally {
      call.end(ending);
    }
  }
  return Readable.from(out(), { objectMode: false });
}

import { pipeline, Readable } from "node:stream";
import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import type { GoneSignal } from "#core/gone.js";
import type { Call, Ending } from "#gateway/call.js";
import { envelope, mediaType, streamedEnvelope } from "#gateway/envelope.js";
import type { Begun } from "#gateway/idempotency.js";
import { scopeHint } from "#gateway/scope-hint.js";
import { type Access, type SendDeps, type Sent, sendAuthorized } from "#gateway/send-authorized.js";
import { createRedactor, type Redactor } from "#upstream/redact.js";
import { toSkillettError } from "#upstream/send.js";

interface Exchange {
  /** Admitted: its row is durable. */
  call: Call;
  endpoint: Endpoint;
  access: Access;
  plan: RequestPlan;
  begun: Begun | undefined;
  signal: GoneSignal;
}

/** Sends an admitted call, writes how it ended, and answers with the envelope. */
export async function exchange(deps: SendDeps, given: Exchange): Promise<string | Readable> {
  const { call, access, plan, begun, signal } = given;
  const integration = deps.catalog.integration(given.endpoint.integration);
  let status: number | null = null;
  const answered = (its: number) => {
    status = its;
  };
  try {
    const sent = await sendAuthorized(deps, { integration, access, plan, signal, answered });
    const redactor = createRedactor(sent.secrets);
    if (sent.body.rest) return stream(given, integration, sent, redactor);

    const answer = wholeAnswer(given, integration, sent, redactor);
    await begun?.keep(answer);
    call.end(completed(sent.response.status));
    return answer;
  } catch (error) {
    const failure = toSkillettError(error, { service: integration.name, method: plan.method });
    call.end(signal.aborted ? cancelled(status) : failed(status, failure.code));
    // Nothing was done, or doing it twice does no harm: the same key may try again.
    if (failure.retryable || failure.code === "token_expired") await begun?.release();
    throw failure;
  }
}

function wholeAnswer(
  { endpoint, access }: Exchange,
  integration: Integration,
  { response, body, lacksScope }: Sent,
  redactor: Redactor,
): string {
  const media = mediaType(response.headers["content-type"]);
  const hint =
    lacksScope && access.connection ? scopeHint(integration, endpoint, access.connection) : undefined;
  return envelope(response.status, media, redactor.buffer(body.head), hint);
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

/** The envelope of a body too large to hold; the call ends when the last byte is out. */
function stream(
  { call, plan }: Exchange,
  { name: service }: Integration,
  { response, body: { head, rest } }: Sent,
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

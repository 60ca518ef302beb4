import { pipeline, Readable } from "node:stream";
import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import type { GoneSignal } from "#core/gone.js";
import type { Call, Ending } from "#gateway/call.js";
import { envelope, mediaType, streamedEnvelope } from "#gateway/envelope.js";
import type { Begun } from "#gateway/idempotency.js";
import { scopeHint } from "#gateway/scope-hint.js";
import { type Access, type SendDeps, type Sent, sendAuthorized } from "#gateway/send-authorized.js";
import { beginningOf, defaultMaxChars, type Shape } from "#gateway/shape.js";
import { createRedactor, type Redactor } from "#upstream/redact.js";
import { toSkillettError } from "#upstream/send.js";

/** Bodies up to here are held and checked whole; longer ones stream through. */
const maxHeldBytes = 1_000_000;
/** The same where the answer is to be shaped, for which it must be there. */
const maxShapedBytes = 8_000_000;

interface Exchange {
  /** Admitted: its row is durable. */
  call: Call;
  endpoint: Endpoint;
  access: Access;
  plan: RequestPlan;
  begun: Begun | undefined;
  /** What is wanted of the answer, when that is not all of it as it comes. */
  shape: Shape | undefined;
  signal: GoneSignal;
}

/** The envelope of all that came back; or, of what is too large to be held, what can be answered. */
export type Exchanged = { whole: string } | { rest: string | Readable };

/** Sends an admitted call, and writes how it ended. */
export async function exchange(deps: SendDeps, given: Exchange): Promise<Exchanged> {
  const { call, access, plan, begun, shape, signal } = given;
  const integration = deps.catalog.integration(given.endpoint.integration);
  let status: number | null = null;
  const answered = (its: number) => {
    status = its;
  };
  try {
    const outgoing = { integration, access, plan, signal, answered };
    const sent = await sendAuthorized(deps, {
      ...outgoing,
      maxHeldBytes: shape ? maxShapedBytes : maxHeldBytes,
    });
    const redactor = createRedactor(sent.secrets);
    if (sent.body.rest && !shape) return { rest: stream(given, integration, sent, redactor) };
    if (sent.body.rest) await sent.body.rest.return?.();

    const answer = answerOf(given, integration, sent, redactor);
    if ("whole" in answer) await begun?.keep(answer.whole);
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

/** What is held becomes the answer: all of it, or its beginning. */
function answerOf(
  { endpoint, access, shape }: Exchange,
  integration: Integration,
  { response: { status, headers }, body, lacksScope }: Sent,
  redactor: Redactor,
): Exchanged {
  const media = mediaType(headers["content-type"]);
  const hint =
    lacksScope && access.connection ? scopeHint(integration, endpoint, access.connection) : undefined;
  const bytes = redactor.buffer(body.head);
  if (!body.rest || !shape) return { whole: envelope(status, media, bytes, hint) };
  // Enough for the characters that are shown, however many bytes one takes.
  const shown = bytes.subarray(0, 4 * (shape.maxChars ?? defaultMaxChars));
  return { rest: beginningOf(envelope(status, media, shown, hint), shape) };
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

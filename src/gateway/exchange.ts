import type { Readable } from "node:stream";
import { SkillettError } from "#core/errors.js";
import {
  isKept,
  type KeptAs,
  keepAnswer,
  NoFileError,
  shownFile,
} from "#gateway/answer-files/keep-answer.js";
import { type Beside, toVerdict, type Verdict } from "#gateway/beside.js";
import type { Call, Ending } from "#gateway/call.js";
import { envelope, jsonEnvelope, mediaType } from "#gateway/envelope.js";
import type { Begun } from "#gateway/idempotency.js";
import {
  type Authorized,
  type Progress,
  type SendDeps,
  type Sent,
  sendAuthorized,
} from "#gateway/send-authorized.js";
import { beginningOf, defaultMaxChars, type Shape } from "#gateway/shape.js";
import { stream } from "#gateway/stream.js";
import { outcomeOfStatus, toSkillettError } from "#upstream/failure.js";
import { createRedactor, type Redactor } from "#upstream/redact.js";

/** Bodies up to here are held and checked whole; longer ones stream through. */
const maxHeldBytes = 1_000_000;
/** Bodies up to here are held when they are to be shaped, for which they must be in memory. */
const maxShapedBytes = 8_000_000;

export interface Exchange extends Authorized {
  /** Admitted: its row is durable. */
  call: Call;
  params: Readonly<Record<string, unknown>>;
  /** Is the answer to be kept as a file? */
  as: KeptAs | undefined;
  begun: Begun | undefined;
  /** The part of the answer that the caller wants; undefined for all of it as it comes. */
  shape: Shape | undefined;
  /** To be said beside the answer, whatever it is. */
  remark: string | undefined;
}

export interface ExchangeDeps extends SendDeps {
  /** Longest time that an answer may take to reach its client. */
  totalMs: number;
}

/** The envelope of the whole answer; or, for one too large to hold, a stream of it or its beginning. */
export type Exchanged = { whole: string } | { rest: string | Readable };

/**
 * Sends an admitted call, and writes how it ended.
 *
 * @param onEnd called when the row has its end, which for a stream is after this has resolved
 */
export async function exchange(deps: ExchangeDeps, given: Exchange, onEnd: () => void): Promise<Exchanged> {
  const progress: Progress = { sent: false, status: null };
  try {
    return await answered(deps, given, progress, onEnd);
  } catch (error) {
    const failure = failureOf(error, given, progress);
    given.call.end(endingOf(failure, given, progress));
    // Nothing was done, or doing it twice does no harm: the same key may try again.
    if (!progress.sent || failure.retryable || failure.code === "token_expired") {
      await given.begun?.release().catch(deps.onFault);
    }
    onEnd();
    throw failure;
  }
}

async function answered(
  deps: ExchangeDeps,
  given: Exchange,
  progress: Progress,
  onEnd: () => void,
): Promise<Exchanged> {
  const { call, integration, endpoint, access, plan, params, repeating, shape, signal, remark } = given;
  const held = shape ? maxShapedBytes : maxHeldBytes;
  const sent = await sendAuthorized(deps, { ...given, maxHeldBytes: held, progress });
  const redactor = createRedactor(sent.secrets);
  const { response } = sent;
  const { connection } = access;
  const now = deps.clock();
  const verdict = toVerdict({ integration, endpoint, params, repeating, connection, sent, now, remark });
  const beside = masked(verdict.beside, redactor);
  const ending = endedAs(verdict, response.status);
  const isFile = !verdict.refused && isKept(given.as, { endpoint, response, body: sent.body });
  if (sent.body.rest && !shape && !isFile) {
    // The key is left taken: there is no answer to keep, but it is known that there was one.
    if (verdict.sameKey === "attempt") await given.begun?.release().catch(deps.onFault);
    const request = { service: integration.name, method: plan.method, repeating };
    const { totalMs } = deps;
    return { rest: stream({ call, sent, redactor, beside, ending, request, signal, totalMs }, onEnd) };
  }
  const answer = isFile
    ? await withFile(deps, given, sent, redactor, beside)
    : answerOf(shape, sent, redactor, beside);
  if (sent.body.rest) await sent.body.rest.return?.();
  await settleKey(given.begun, verdict, answer).catch(deps.onFault);
  call.end(ending);
  onEnd();
  return answer;
}

/** Keeps the answer for later calls with the same key, or frees the key. */
async function settleKey(begun: Begun | undefined, { sameKey }: Verdict, answer: Exchanged): Promise<void> {
  if (sameKey === "attempt") await begun?.release();
  else if (sameKey === "answer" && "whole" in answer) await begun?.keep(answer.whole);
}

/** A service may write a credential into headers and messages as well. */
function masked(beside: Beside, redactor: Redactor): Beside {
  if (Object.keys(beside).length === 0) return beside;
  const mask = (value: unknown) =>
    typeof value === "string" ? redactor.buffer(Buffer.from(value)).toString() : value;
  return JSON.parse(JSON.stringify(beside), (_, value) => mask(value));
}

/** The envelope of the part that is in memory: the whole answer, or its beginning. */
function answerOf(
  shape: Shape | undefined,
  { response: { status, headers }, body }: Sent,
  redactor: Redactor,
  beside: Beside,
): Exchanged {
  const media = mediaType(headers["content-type"]);
  const bytes = redactor.buffer(body.head);
  if (!body.rest || !shape) return { whole: envelope(status, media, bytes, beside) };
  // Enough for the characters that are shown, however many bytes one takes.
  const shown = bytes.subarray(0, 4 * (shape.maxChars ?? defaultMaxChars));
  return { rest: beginningOf(envelope(status, media, shown, beside), shape) };
}

/** The envelope with a file in place of its bytes. When it cannot be kept, the call is done all the same. */
async function withFile(
  { files }: ExchangeDeps,
  { caller, as, endpoint, params, integration, plan: { method }, repeating, shape }: Exchange,
  sent: Sent,
  redactor: Redactor,
  beside: Beside,
): Promise<Exchanged> {
  const { response, body } = sent;
  const [{ status }, { name: service }] = [response, integration];
  try {
    const file = await keepAnswer(files, { caller, endpoint, params, response, body, redactor });
    return { whole: jsonEnvelope(status, shownFile(file), beside) };
  } catch (error) {
    // Nobody has asked for a file, and the answer is all there.
    if (as === "auto" && error instanceof NoFileError && !body.rest) {
      return answerOf(shape, sent, redactor, beside);
    }
    const { code, message, next, cause, retryable } = toSkillettError(error, {
      service,
      method,
      repeating,
      status,
    });
    const outcome = repeating === "harmless" ? undefined : outcomeOfStatus(status);
    throw new SkillettError(code, {
      message: `${service} answered ${status}. ${message}`,
      next,
      cause,
      outcome,
      retryable,
    });
  }
}

function endedAs({ refused }: Verdict, upstreamStatus: number): Ending {
  return { status: refused ? "refused_upstream" : "completed", upstreamStatus, error: null };
}

/**
 * The error to answer with for anything thrown. Once the request was sent, it says whether the service did it, as far
 * as we know.
 */
function failureOf(
  error: unknown,
  { repeating, signal }: Exchange,
  { sent, status }: Progress,
): SkillettError {
  const stopped = signal.reason instanceof SkillettError ? signal.reason : undefined;
  if (error instanceof SkillettError && !stopped) return error;
  const { code, message } = stopped ?? new SkillettError("internal");
  const outcome = sent ? outcomeOfStatus(status) : "not_done";
  const inDoubt = repeating !== "harmless" && outcome !== "not_done";
  return new SkillettError(code, {
    message: inDoubt ? `${message} The service may have done what was asked: look there first.` : message,
    retryable: !inDoubt,
    outcome: repeating === "harmless" ? undefined : outcome,
    cause: stopped ? undefined : error,
  });
}

function endingOf(failure: SkillettError, { signal }: Exchange, { status }: Progress): Ending {
  const clientLeft = signal.aborted && signal.reason === undefined;
  if (clientLeft) return { status: "cancelled", upstreamStatus: status, error: null };
  return { status: "failed", upstreamStatus: status, error: failure.code };
}

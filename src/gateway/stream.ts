import { pipeline, Readable } from "node:stream";
import type { RequestSignal } from "#core/request-signal.js";
import type { Beside } from "#gateway/beside.js";
import type { Call, Ending } from "#gateway/call.js";
import { mediaType, streamedEnvelope } from "#gateway/envelope.js";
import type { Sent } from "#gateway/send-authorized.js";
import { bytesOf } from "#upstream/body.js";
import { type Repeating, timeUp, toSkillettError } from "#upstream/failure.js";
import type { Redactor } from "#upstream/redact.js";

interface Streamed {
  call: Call;
  sent: Sent;
  redactor: Redactor;
  beside: Beside;
  /** How the call has ended once the last byte is out. */
  ending: Ending;
  /** The request, for the error of a body that breaks off. */
  request: { service: string; method: string; repeating: Repeating };
  signal: RequestSignal;
  /** Longest time that the answer may take to reach its client. */
  totalMs: number;
}

/**
 * The envelope of a body too large to hold; the call ends when the last byte is out. A client that does not take it
 * within the time for a call ends it as well.
 */
export function stream(
  { call, sent, redactor, beside, ending, request, signal, totalMs }: Streamed,
  onEnd: () => void,
): Readable {
  const { status, headers } = sent.response;
  const media = mediaType(headers["content-type"]);
  const { prefix, writer, suffix } = streamedEnvelope(status, media, sent.body.head, beside);

  async function* out() {
    let ended: Ending = { status: "cancelled", upstreamStatus: status, error: null };
    try {
      yield Buffer.from(prefix);
      const body = Readable.from(bytesOf(sent.body), { objectMode: false });
      yield* pipeline(body, redactor.stream(), writer, () => {});
      yield Buffer.from(suffix);
      ended = ending;
    } catch (error) {
      const failure = toSkillettError(error, { ...request, status });
      if (!signal.aborted || signal.reason) ended = { ...ended, status: "failed", error: failure.code };
      throw failure;
    } finally {
      clearTimeout(timer);
      signal.off("abort", end);
      call.end(ended);
      onEnd();
    }
  }
  const answer = Readable.from(out(), { objectMode: false });
  // A stream that waits for a slow reader does not notice anything else, so the signal destroys it.
  const end = () => void answer.destroy(signal.reason ?? new Error("The client has gone"));
  const timer = setTimeout(() => answer.destroy(timeUp()), totalMs).unref();
  signal.once("abort", end);
  return answer;
}

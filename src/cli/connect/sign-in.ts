import type { Session } from "#cli/server/session.js";
import { transientError } from "#cli/server/transient-error.js";
import { showPage, webPage } from "#cli/terminal/browser.js";
import { exitCodes } from "#cli/terminal/failure.js";
import { type Host, paint } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { tell } from "#cli/terminal/report.js";
import type { Client } from "#client/client.js";

const pollMs = 3000;
const patienceMs = 5 * 60_000;
/** For one answer of the server while polling. */
const answerMs = 10_000;
/** For giving up: a person who has pressed Ctrl-C does not wait longer. */
const cancelMs = 3000;

/** A sign-in the server has begun. */
export interface Attempt {
  integration: string;
  attemptId: string;
  /** The page to sign in at. */
  url: string;
}

interface Surroundings {
  session: Session;
  host: Host;
  /** Command that tries again. */
  again: string;
  /** False: leave the browser alone. */
  browser: boolean | undefined;
}

type State = Awaited<ReturnType<Client["getConnect"]>>;

/**
 * Shows the page to sign in at, waits until that is done, and prints the result. Returns the exit code. When the
 * waiting ends early, the link stops working.
 */
export async function signIn(attempt: Attempt, around: Surroundings): Promise<number> {
  const { session, host, again, browser } = around;
  const { integration, attemptId } = attempt;
  let state: State | undefined;
  try {
    await showPage(webPage(attempt.url), {
      host,
      signal: session.signal,
      browser,
      invitation: "To sign in, go to",
      waiting: "Waiting until you have signed in (5 minutes at most; Ctrl-C gives up) …",
    });
    state = await untilSettled(attemptId, session, host);
  } finally {
    if (!state) await giveUp(attemptId, session);
  }
  if (!state) {
    tell(host, "Nobody has signed in within 5 minutes; the link does not work any more.", [again]);
    return exitCodes.unavailable;
  }
  if (state.status === "error") {
    const message = state.message ?? "The service did not say why.";
    await printJson(host, { status: "error", integration, message });
    tell(host, message, [again]);
    return exitCodes.refused;
  }
  const { connection_id = attemptId, account, hint } = state;
  if (account !== undefined) host.stderr.write(`${paint(host, "green", "✓")} Signed in as ${account}.\n`);
  if (hint) host.stderr.write(`${hint.message}\n`);
  await printJson(host, { status: "connected", integration, connection_id, account, ...(hint && { hint }) });
  return exitCodes.ok;
}

/** Undefined when nobody has signed in in time. Outlasts a restart of the server. */
async function untilSettled(
  attemptId: string,
  { client, signal }: Session,
  host: Host,
): Promise<State | undefined> {
  const deadline = host.now() + patienceMs;
  let silence: Error | undefined;
  while (host.now() < deadline) {
    await host.sleep(pollMs, signal);
    try {
      const late = AbortSignal.timeout(answerMs);
      const state = await client.getConnect({
        params: { connectionId: attemptId },
        signal: AbortSignal.any([signal, late]),
      });
      silence = undefined;
      if (state.status !== "pending") return state;
    } catch (error) {
      if (signal.aborted) throw error;
      const transient = transientError(error);
      if (!silence) host.stderr.write("The server does not answer; still trying …\n");
      silence = transient;
    }
  }
  if (silence) throw silence;
  return undefined;
}

/** As well as it can be done: left alone, the link would work for ten minutes. */
async function giveUp(attemptId: string, { client }: Session): Promise<void> {
  const signal = AbortSignal.timeout(cancelMs);
  await client.cancelConnect({ params: { connectionId: attemptId }, signal }).catch(() => {});
}

import stringify from "safe-stable-stringify";
import type { Caller } from "#core/caller.js";
import { sha256 } from "#core/digest.js";
import { type Outcome, SkillettError } from "#core/errors.js";
import type { CallRows } from "#store/call-rows.js";
import type { IdempotencyRows } from "#store/idempotency-rows.js";
import type { CallRow, IdempotencyRow } from "#store/schema/tables.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";
import { outcomeOfStatus, type Repeating } from "#upstream/failure.js";

/** How long a key is remembered. */
export const idempotencyTtlMs = 24 * 3_600_000;
/** Far longer than any call needs from taking its key to writing its row. */
const admissionMs = 60_000;

/**
 * A retried write happens once: the first call with a key is sent, later ones get its answer.
 *
 * @see draft-ietf-httpapi-idempotency-key-header
 */
export interface Idempotency {
  /** Takes the key for this call; answers with the stored answer when it has been used before. */
  begin(caller: Caller, request: OnceRequest): Promise<Begun>;
}

export interface OnceRequest {
  key: string;
  callId: string;
  what: unknown;
  /** Effect of sending the request twice. */
  repeating: Repeating;
}

export interface Begun {
  /** The envelope of the first call. */
  replay: string | undefined;
  /** Id of that call. */
  firstCall?: string;
  /** Keeps the answer for later calls with the key. */
  keep(answer: string): Promise<void>;
  /** Frees the key: nothing was sent. */
  release(): Promise<void>;
}

interface Deps {
  keys: IdempotencyRows;
  calls: CallRows;
  vault: Vault;
  clock: () => number;
}

export function createIdempotency({ keys, calls, vault, clock }: Deps): Idempotency {
  return {
    async begin({ tenantId, profileId }, { key, callId, what, repeating }) {
      const row: IdempotencyRow = {
        tenant_id: tenantId,
        profile_id: profileId,
        key_hash: sha256(key),
        fingerprint: sha256(stringify(what)!),
        call_id: callId,
        answer: null,
        created_at: clock(),
      };
      const boundTo = sealedRow.idempotencyKey(tenantId, profileId, row.key_hash);
      const fresh: Begun = {
        replay: undefined,
        keep: (answer) => keys.setAnswer(row, vault.seal(answer, boundTo)),
        release: () => keys.release(row),
      };
      const earlier = await keys.take(row);
      if (!earlier) return fresh;
      if (earlier.fingerprint !== row.fingerprint) throw otherRequest();
      if (earlier.answer !== null) return replay(await vault.open(earlier.answer, boundTo), earlier);
      const call = await calls.get(tenantId, profileId, earlier.call_id);
      if (call && call.status !== "started") {
        // It may have ended, and left its answer, between the two reads.
        const now = await keys.take(row);
        if (now?.answer) return replay(await vault.open(now.answer, boundTo), now);
        if (!now) return fresh;
        const mayRepeat = repeating === "harmless" || outcomeOf(call) === "not_done";
        if (!mayRepeat) throw answerGone(call);
        if (await keys.takeOver(row, now)) return fresh;
        throw underWay(now.call_id);
      }
      // Its row comes before anything is sent: without one after all this time, nothing was.
      const abandoned = !call && earlier.created_at < row.created_at - admissionMs;
      if (abandoned && (await keys.takeOver(row, earlier))) return fresh;
      throw underWay(earlier.call_id);
    },
  };
}

function replay(answer: string, { call_id: firstCall }: IdempotencyRow): Begun {
  return { replay: answer, firstCall, keep: async () => {}, release: async () => {} };
}

function otherRequest(): SkillettError {
  return new SkillettError("conflict", {
    message: "This Idempotency-Key was used for another request. Use a new key for a new request.",
  });
}

function underWay(callId: string): SkillettError {
  return new SkillettError("conflict", {
    message: `The first call with this Idempotency-Key (${callId}) is still under way. Try again shortly.`,
    retryAfterSeconds: 1,
    retryable: true,
  });
}

/** Whether a call that has ended did what it was to do, by its row. */
function outcomeOf({ status, upstream_status: answered }: CallRow): Outcome {
  // A refusal with a status of success is stored without an answer only where it may have been carried out
  // nevertheless.
  if (status === "refused_upstream" && answered !== null && answered < 300) return "unknown";
  return outcomeOfStatus(answered);
}

function answerGone(call: CallRow): SkillettError {
  const { id, status, upstream_status: answered } = call;
  const outcome = outcomeOf(call);
  const ended = answered === null ? `ended as ${status}` : `ended as ${status} with HTTP ${answered}`;
  const known =
    outcome === "done"
      ? "and its answer was not kept. It was done"
      : "and whether it was done is unknown: its answer was not kept";
  return new SkillettError("conflict", {
    message: `The first call with this Idempotency-Key (${id}) ${ended}, ${known}. Look at the service first; it is not sent again. For another attempt use a new key.`,
    next: ["skillett calls --limit 20"],
    outcome,
  });
}

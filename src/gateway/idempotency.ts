import { createHash } from "node:crypto";
import stringify from "safe-stable-stringify";
import type { Caller } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { CallLog } from "#store/calls.js";
import type { IdempotencyKeys } from "#store/idempotency.js";
import type { IdempotencyRow } from "#store/tables.js";
import type { Vault } from "#store/vault.js";

/** How long a key is remembered. */
export const idempotencyTtlMs = 24 * 3_600_000;

/**
 * A retried write happens once: the first call with a key is sent, later ones get its answer.
 *
 * @see draft-ietf-httpapi-idempotency-key-header
 */
export interface Idempotency {
  /** Takes the key for this call; answers with the stored answer when it has been used before. */
  begin(caller: Caller, request: { key: string; callId: string; what: unknown }): Promise<Begun>;
}

export interface Begun {
  /** The envelope of the first call. */
  replay: string | undefined;
  /** Keeps the answer for later calls with the key. */
  keep(answer: string): Promise<void>;
  /** Frees the key: nothing was sent. */
  release(): Promise<void>;
}

interface Deps {
  keys: IdempotencyKeys;
  calls: CallLog;
  vault: Vault;
  clock: () => number;
}

export function createIdempotency({ keys, calls, vault, clock }: Deps): Idempotency {
  return {
    async begin({ tenantId, profileId }, { key, callId, what }) {
      const row: IdempotencyRow = {
        tenant_id: tenantId,
        profile_id: profileId,
        key_hash: sha256(key),
        fingerprint: sha256(stringify(what)!),
        call_id: callId,
        answer: null,
        created_at: clock(),
      };
      const boundTo = `idempotency_keys/${tenantId}/${profileId}/${row.key_hash}`;
      const earlier = await keys.take(row);
      if (!earlier) {
        return {
          replay: undefined,
          keep: (answer) => keys.setAnswer(row, vault.seal(answer, boundTo)),
          release: () => keys.release(row),
        };
      }
      if (earlier.fingerprint !== row.fingerprint) throw otherRequest();
      if (earlier.answer === null) throw await unfinished(calls, earlier);
      return { replay: vault.open(earlier.answer, boundTo), keep: async () => {}, release: async () => {} };
    },
  };
}

function otherRequest(): SkillettError {
  return new SkillettError("conflict", {
    message: "This Idempotency-Key was used for another request. Use a new key for a new request.",
  });
}

async function unfinished(
  calls: CallLog,
  { tenant_id, profile_id, call_id }: IdempotencyRow,
): Promise<SkillettError> {
  const call = await calls.get(tenant_id, profile_id, call_id);
  if (call?.status === "started") {
    return new SkillettError("conflict", {
      message: `The first call with this Idempotency-Key (${call_id}) is still under way. Try again shortly.`,
      retryAfterSeconds: 1,
      retryable: true,
    });
  }
  return new SkillettError("conflict", {
    message: `The first call with this Idempotency-Key (${call_id}) ended as ${call?.status ?? "unknown"} and its answer was not kept. Look at the service whether it happened; then use a new key.`,
    next: ["skillett calls --limit 20"],
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

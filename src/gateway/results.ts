import type { Caller } from "#core/caller.js";
import { type Clock, isoTime } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import type { RunJob } from "#core/job.js";
import { shapeAnswerJob } from "#gateway/jobs.js";
import {
  defaultMaxChars,
  readOn,
  readShape,
  type Shape,
  type Shaped,
  type ShapeRequest,
  shapeWithoutView,
  withCut,
} from "#gateway/shape.js";
import type { ResultRows } from "#store/result-rows.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

/** How long the whole of an answer that was cut is kept. */
const keptMs = 3_600_000;

/** Answers that are cut, and the rest of them. */
export interface Results {
  /** The part of an answer that the caller wants, as JSON text. The whole is kept when that part is not all of it. */
  shape(caller: Caller, envelope: string, shape: Shape): Promise<string>;
  /**
   * A page of a kept answer, as JSON text. The person who called may read it, through keys of the same agent, or
   * through keys of no agent if the call was made with one of these.
   *
   * @throws SkillettError `not_found`, the same for an answer that expired, is another's, or never was
   */
  read(caller: Caller, id: string, request: ShapeRequest, page: number): Promise<string>;
}

interface Deps {
  rows: ResultRows;
  vault: Vault;
  runJob: RunJob;
  clock: Clock;
  /** Called when an answer could not be kept, or not be shaped on another thread. */
  onError: (error: unknown) => void;
}

export function createResults({ rows, vault, runJob, clock, onError }: Deps): Results {
  return {
    async shape(caller, envelope, shape) {
      // The call has happened: its answer is given, even if that holds others up once.
      const shaped = await shapedPage(caller, envelope, shape, 1).catch((error) => {
        onError(error);
        return shapeWithoutView(envelope, shape);
      });
      if (shaped.pages === 1) return shaped.envelope;
      const id = newId("res");
      const expiresAt = clock() + keptMs;
      try {
        // Read on in the view in which it was begun.
        await keep(caller, id, shaped.viewed ?? envelope, expiresAt);
      } catch (error) {
        // The beginning of the answer is worth more than an error.
        onError(error);
        return page(shaped, 1, { id: null, expiresAt: null, message: notKept(shaped) });
      }
      return page(shaped, 1, { id, expiresAt, message: readOn(shaped, shape, 1) });
    },
    async read(caller, id, request, number) {
      const shape = readShape({ ...request, max_chars: request.max_chars ?? defaultMaxChars })!;
      const { tenantId, profileId, agentId } = caller;
      const row = await rows.find(
        { tenant_id: tenantId, id, profile_id: profileId, agent_id: agentId },
        clock(),
      );
      if (!row) throw resultNotFound();
      const envelope = await vault.open(row.box, sealedRow.result(tenantId, id));
      const shaped = await shapedPage(caller, envelope, shape, number);
      if (shaped.pages === 1) return shaped.envelope;
      return page(shaped, number, { id, expiresAt: row.expires_at, message: readOn(shaped, shape, number) });
    },
  };

  function shapedPage({ tenantId }: Caller, envelope: string, shape: Shape, page: number): Promise<Shaped> {
    return runJob(tenantId, shapeAnswerJob, () => ({ envelope, shape, page }));
  }

  function keep(
    { tenantId, profileId, agentId }: Caller,
    id: string,
    envelope: string,
    expiresAt: number,
  ): Promise<void> {
    return rows.insert({
      tenant_id: tenantId,
      id,
      profile_id: profileId,
      agent_id: agentId,
      box: vault.seal(envelope, sealedRow.result(tenantId, id)),
      expires_at: expiresAt,
      created_at: clock(),
    });
  }
}

function page(
  { envelope, pages, totalChars }: Shaped,
  number: number,
  { id, expiresAt, message }: { id: string | null; expiresAt: number | null; message: string },
): string {
  return withCut(envelope, {
    result: id,
    page: number,
    pages,
    total_chars: totalChars,
    expires_at: isoTime(expiresAt),
    message,
  });
}

function notKept({ part }: Shaped): string {
  return `${part}. The call is done, but the rest of its answer could not be kept, and is lost.`;
}

function resultNotFound(): SkillettError {
  return new SkillettError("not_found", {
    message:
      "There is no such result. Results are kept for an hour. Call the endpoint again if it only reads; what a write has done is done.",
  });
}

import { move, transferableSymbol, valueSymbol } from "piscina";
import { type ErrorCode, type ErrorDetails, SkillettError } from "#core/errors.js";
import type { Job } from "#core/job.js";
import { type Parcel, pack, unpack } from "#workers/parcel.js";

/** The order that the pool sends to a thread. */
export interface Order {
  job: string;
  data: unknown;
}

/** The reply of a thread. Errors lose their class on the way, so a refusal is sent as its parts. */
export type Outcome = { data: unknown } | { refused: { code: ErrorCode; details: ErrorDetails } };

/** The function that a thread of the pool runs for each order. */
// biome-ignore lint/suspicious/noExplicitAny: jobs of all kinds
export function serveJobs(jobs: readonly Job<any, any>[]) {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  return async ({ job, data }: Order): Promise<Outcome> => {
    try {
      return moved(await pack(await byName.get(job)!.run(unpack(data))));
    } catch (error) {
      if (error instanceof SkillettError) return { refused: partsOf(error) };
      throw error;
    }
  };
}

/** Its bytes are given away rather than copied. */
function moved({ data, transfer }: Parcel): Outcome {
  if (transfer.length === 0) return { data };
  return move({ [transferableSymbol]: transfer, [valueSymbol]: { data } }) as unknown as Outcome;
}

function partsOf({ code, message, issues, next, retryAfterSeconds, retryable, extra, cause }: SkillettError) {
  const details: ErrorDetails = {
    message,
    retryable,
    ...(issues ? { issues } : {}),
    ...(next ? { next } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(extra ? { extra } : {}),
    ...(cause === undefined ? {} : { cause: new Error(String(cause)) }),
  };
  return { code, details };
}

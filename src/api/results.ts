import type * as routes from "#contract/results.js";
import type { Api } from "#contract/route.js";
import type { Clock } from "#core/clock.js";
import type { Results } from "#gateway/results.js";
import { currentRateLimit } from "#identity/limits.js";
import type { CallRows } from "#store/call-rows.js";

export interface ResultsDeps {
  results: Results;
  calls: CallRows;
  clock: Clock;
}

export function createResultsApi({ results, calls, clock }: ResultsDeps): Api<typeof routes> {
  return {
    getResult: async ({ caller, params, query: { page = 1, ...shape } }) => ({
      body: await results.read(caller, params.id, shape, page),
      headers: await currentRateLimit(calls, caller, clock()),
    }),
  };
}

import type * as routes from "#contract/execute.js";
import type { Api } from "#contract/route.js";
import type { Execute } from "#gateway/execute.js";

export interface ExecuteDeps {
  execute: Execute;
}

export function createExecuteApi({ execute }: ExecuteDeps): Api<typeof routes> {
  return {
    executeEndpoint: ({ caller, face, params, query, headers, body, signal }) =>
      execute({
        caller,
        face,
        integration: params.integration,
        endpoint: params.endpoint,
        params: body.params ?? {},
        connection: body.connection,
        dryRun: query.dry_run ?? false,
        idempotencyKey: headers["idempotency-key"],
        shape: query,
        signal,
      }),
  };
}

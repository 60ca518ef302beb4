import type * as routes from "#contract/execute.js";
import type { Api } from "#contract/route.js";
import { badRequest } from "#core/errors.js";
import type { Execute } from "#gateway/execute.js";
import { defaultMaxItems, type ExecuteAll } from "#gateway/execute-all.js";

export interface ExecuteDeps {
  execute: Execute;
  executeAll: ExecuteAll;
}

export function createExecuteApi({ execute, executeAll }: ExecuteDeps): Api<typeof routes> {
  return {
    executeEndpoint: ({ caller, face, params, query, headers, body, signal }) => {
      const { all = false, max, as } = query;
      if (!all && max !== undefined) throw badRequest([maxWithoutAll]);
      if (body.files && !query.dry_run) throw badRequest([factsWithoutDryRun]);
      if (all && as === "file") throw badRequest([fileWithAll]);
      const request = {
        caller,
        face,
        integration: params.integration,
        endpoint: params.endpoint,
        params: body.params ?? {},
        connection: body.connection,
        dryRun: query.dry_run ?? false,
        idempotencyKey: headers["idempotency-key"],
        shape: query,
        as,
        files: body.files,
        signal,
      };
      return all ? executeAll({ ...request, max: max ?? defaultMaxItems }) : execute(request);
    },
  };
}

const factsWithoutDryRun = {
  at: "files",
  message: "is for dry runs: hand the files over with POST /v1/files",
};
const fileWithAll = { at: "query.as", message: "is for one answer, not for all pages of a list" };
const maxWithoutAll = { at: "query.max", message: "is for all=true, which reads page after page" };

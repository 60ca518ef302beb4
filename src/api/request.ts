import type { CatalogOf } from "#catalog/catalog.js";
import { type RawRequest, rawName } from "#catalog/raw/raw-request.js";
import type * as routes from "#contract/request.js";
import type { Api } from "#contract/route.js";
import type { Execute } from "#gateway/execute.js";

interface RequestDeps {
  catalogOf: CatalogOf;
  execute: Execute;
}

export function createRequestApi({ catalogOf, execute }: RequestDeps): Api<typeof routes> {
  return {
    sendRequest: async ({ caller, face, params, query, headers, body, signal }) => {
      const { connection, base = null, query: given = {}, headers: own = {} } = body;
      const raw: RawRequest = {
        method: body.method,
        path: body.path,
        base,
        query: given,
        headers: own,
        body: body.body,
      };
      return execute({
        caller,
        catalog: await catalogOf(caller),
        face,
        integration: params.integration,
        endpoint: rawName,
        params: raw,
        raw,
        connection,
        dryRun: query.dry_run ?? false,
        idempotencyKey: headers["idempotency-key"],
        shape: query,
        as: query.as,
        signal,
      });
    },
  };
}

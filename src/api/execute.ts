import type { CatalogOf } from "#catalog/catalog.js";
import { filenameIssue, mediaTypeIssue } from "#catalog/request/part.js";
import type * as routes from "#contract/execute.js";
import type { Api } from "#contract/route.js";
import { nameIssue } from "#core/display-text.js";
import { badRequest } from "#core/errors.js";
import type { GivenFacts } from "#gateway/dry-run.js";
import type { Execute } from "#gateway/execute.js";
import { defaultMaxItems, type ExecuteAll } from "#gateway/execute-all.js";

export interface ExecuteDeps {
  catalogOf: CatalogOf;
  execute: Execute;
  executeAll: ExecuteAll;
}

export function createExecuteApi({ catalogOf, execute, executeAll }: ExecuteDeps): Api<typeof routes> {
  return {
    executeEndpoint: async ({ caller, face, params, query, headers, body, signal }) => {
      const { all = false, max, as } = query;
      if (!all && max !== undefined) throw badRequest([maxWithoutAll]);
      checkFacts(body.files, query.dry_run ?? false);
      if (all && as === "file") throw badRequest([fileWithAll]);
      const request = {
        caller,
        catalog: await catalogOf(caller),
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

/** Facts of files stand among header lines, as those of files that were handed over do. */
function checkFacts(files: Record<string, GivenFacts> = {}, isDry: boolean): void {
  const issues = Object.entries(files).flatMap(([id, { name, media_type: type }]) => {
    const found = {
      name: nameIssue(name) ?? filenameIssue(name),
      media_type: type ? mediaTypeIssue(type) : null,
    };
    return Object.entries(found).flatMap(([field, message]) =>
      message === null ? [] : [{ at: `files.${id}.${field}`, message }],
    );
  });
  if (issues.length > 0) throw badRequest(issues);
  if (!isDry && Object.keys(files).length > 0) throw badRequest([factsWithoutDryRun]);
}

const factsWithoutDryRun = {
  at: "files",
  message: "is for dry runs: hand the files over with POST /v1/files",
};
const fileWithAll = { at: "query.as", message: "is for one answer, not for all pages of a list" };
const maxWithoutAll = { at: "query.max", message: "is for all=true, which reads page after page" };

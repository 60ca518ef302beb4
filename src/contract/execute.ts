import Type from "typebox";
import { shape } from "#contract/answer-schemas.js";
import { bodyLimits } from "#contract/body-limits.js";
import { answered, callErrors, connection, dryRun, idempotencyKey } from "#contract/call-schemas.js";
import type { Route } from "#contract/route.js";
import { endpointName, slug, strict } from "#contract/schemas.js";
import { fileHandle } from "#core/file-handle.js";

export const executeEndpoint = {
  method: "POST",
  path: "/v1/:integration/:endpoint",
  auth: "key",
  summary: "Execute an endpoint on a connected integration",
  lenient: true,
  params: Type.Object({ integration: slug, endpoint: endpointName }),
  query: strict({
    dry_run: dryRun,
    view: Type.Optional(
      Type.Enum(["raw", "readable", "auto"], {
        description:
          "The answer as it came (raw, the default), its readable view, or auto: that view where the endpoint has one",
      }),
    ),
    as: Type.Optional(
      Type.Enum(["file", "auto"], {
        description:
          "Keep the answer as a file, and answer with its handle: always (file), or where it is neither JSON nor text (auto)",
      }),
    ),
    all: Type.Optional(
      Type.Boolean({
        description: "Read page after page: `data` is one list of all items. For lists that are read",
      }),
    ),
    max: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: "With `all`: items at most; 1,000 when left out",
      }),
    ),
    ...shape,
  }),
  headers: idempotencyKey,
  body: strict({
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    files: Type.Optional(
      Type.Record(
        Type.String({ pattern: fileHandle.source }),
        strict({
          name: Type.String({ minLength: 1, maxLength: 255 }),
          media_type: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
          size: Type.Integer({ minimum: 0 }),
        }),
        {
          description:
            "Of a dry run: facts of files that are not handed over yet, by what stands for each in params",
        },
      ),
    ),
    connection,
  }),
  bodyLimit: bodyLimits.call,
  reply: answered,
  errors: callErrors,
} as const satisfies Route;

import Type from "typebox";
import { shape } from "#contract/answer-schemas.js";
import { bodyLimits } from "#contract/body-limits.js";
import { answered, callErrors, connection, dryRun, idempotencyKey } from "#contract/call-schemas.js";
import type { Route } from "#contract/route.js";
import { slug, strict } from "#contract/schemas.js";

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

export const sendRequest = {
  method: "POST",
  path: "/v1/:integration/request",
  auth: "key",
  summary: "Send a request of your own to a connected integration: the credential is added",
  lenient: true,
  params: Type.Object({ integration: slug }),
  query: strict({
    dry_run: dryRun,
    as: Type.Optional(
      Type.Enum(["file", "auto"], {
        description:
          "Keep the answer as a file, and answer with its handle: always (file), or where it is neither JSON nor text (auto)",
      }),
    ),
    ...shape,
  }),
  headers: idempotencyKey,
  body: strict({
    method: Type.Enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
    path: Type.String({
      minLength: 1,
      description: "Below the base URL, as it is sent: /repos/acme/app. It may have a query",
    }),
    base: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: "Name of another base URL of the integration; else the usual one",
      }),
    ),
    query: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Union([scalar, Type.Array(scalar)]), {
        description: "Added to the query of the path; a list is a name several times",
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "Beside those of the credential and of the integration, which are not the caller's",
      }),
    ),
    body: Type.Optional(
      Type.Unknown({
        // Nobody reads it as a name: a text may have lines.
        contentMediaType: "text/plain",
        description: "A JSON value; or a text, where the header content-type says a type other than JSON",
      }),
    ),
    connection,
  }),
  bodyLimit: bodyLimits.call,
  reply: answered,
  errors: callErrors,
} as const satisfies Route;

import Type from "typebox";
import { answer } from "#contract/answer-schemas.js";
import type { Reply } from "#contract/route.js";
import type { ErrorCode } from "#core/errors.js";

/** Parts of the routes that call a service. */

export const dryRun = Type.Optional(
  Type.Boolean({ description: "Answer with the request instead of sending it" }),
);

export const idempotencyKey = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, pattern: "^[\\x21-\\x7e]+$" }),
  ),
});

export const connection = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 255,
    description: "Connection id or account name; else the default one",
  }),
);

export const answered = {
  status: 200,
  description: "What the service answered, whatever its status",
  body: Type.Object(answer),
  raw: true,
} as const satisfies Reply;

export const callErrors = [
  "bad_request",
  "token_expired",
  "integration_not_connected",
  "scope_not_allowed",
  "not_found",
  "conflict",
  "payload_too_large",
  "plan_limit_reached",
  "rate_limit_reached",
  "daily_limit_reached",
  "upstream_unreachable",
  "upstream_timeout",
  "unavailable",
] as const satisfies readonly ErrorCode[];

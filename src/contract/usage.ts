import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { callStatuses } from "#core/call-status.js";

const limit = nullable(Type.Integer());

export const getUsage = {
  method: "GET",
  path: "/v1/usage",
  auth: "any",
  summary: "See your plan, its limits and today's count",
  reply: {
    status: 200,
    description: "`null` is no limit",
    body: Type.Object({
      plan: Type.String(),
      limits: Type.Object({
        calls_per_minute: limit,
        calls_per_day: limit,
        connections: limit,
        api_keys: limit,
        storage_bytes: limit,
      }),
      storage: Type.Object({
        bytes: Type.Integer({ description: "What the tenant stores of skills and listings" }),
      }),
      today: Type.Object({ calls: Type.Integer(), resets_at: isoTime }),
    }),
  },
  errors: [],
} as const satisfies Route;

const callStatus = Type.Union(callStatuses.map((status) => Type.Literal(status)));

const face = Type.Union(
  [Type.Literal("rest"), Type.Literal("cli"), Type.Literal("mcp"), Type.Literal("web")],
  { description: "By which way it came in, as far as it said so itself" },
);

export const listCalls = {
  method: "GET",
  path: "/v1/calls",
  auth: "key",
  summary: "Read the audit log, newest first",
  query: strict({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        pattern: "^[0-9]{1,15}$",
        description: "`next_cursor` of a page",
      }),
    ),
    integration: Type.Optional(Type.String({ maxLength: 64 })),
    endpoint: Type.Optional(Type.String({ maxLength: 128 })),
    status: Type.Optional(callStatus),
  }),
  reply: {
    status: 200,
    description: "A page of calls; `next_cursor` is null on the last one",
    body: Type.Object({
      calls: Type.Array(
        Type.Object({
          id: Type.String(),
          integration: Type.String(),
          endpoint: Type.String(),
          via: nullable(Type.String({ description: "The composite endpoint that the call was a step of" })),
          effect: nullable(Type.String({ description: "read, write or destructive" })),
          target: nullable(Type.String({ description: "What the call was about, such as a repository" })),
          connection_id: nullable(Type.String()),
          account: nullable(Type.String({ description: "Whose account it was sent with, by its name then" })),
          face: nullable(face),
          policy: nullable(Type.String({ description: "The rule that decided" })),
          key_id: Type.String(),
          agent_id: nullable(Type.String()),
          status: callStatus,
          upstream_status: nullable(Type.Integer()),
          started_at: isoTime,
          duration_ms: nullable(Type.Integer()),
          error: nullable(Type.String()),
        }),
      ),
      next_cursor: nullable(Type.String()),
    }),
  },
  errors: ["bad_request"],
} as const satisfies Route;

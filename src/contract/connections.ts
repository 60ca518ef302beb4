import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, slug, strict } from "#contract/words.js";

const connectionId = Type.String({ minLength: 1, maxLength: 64, description: "Connection id, conn_…" });

export const connect = {
  method: "POST",
  path: "/v1/connect",
  auth: "key",
  summary: "Connect an account of an integration",
  body: strict({
    integration: slug,
    credentials: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 8192 }), {
        description: 'SECRET. What the integration asks for, such as {"token": "…"}',
      }),
    ),
  }),
  reply: {
    status: 200,
    description: "The connection",
    body: Type.Object({
      connection_id: connectionId,
      status: Type.Literal("connected"),
      account: Type.String(),
    }),
  },
  errors: [
    "bad_request",
    "plan_limit_reached",
    "scope_not_allowed",
    "not_found",
    "upstream_unreachable",
    "upstream_timeout",
  ],
} as const satisfies Route;

export const getConnect = {
  method: "GET",
  path: "/v1/connect/:connectionId",
  auth: "key",
  summary: "See whether a connection has come about",
  params: Type.Object({ connectionId }),
  reply: {
    status: 200,
    description: "How it stands",
    body: Type.Object({
      status: Type.Union([Type.Literal("pending"), Type.Literal("connected"), Type.Literal("error")]),
      integration: slug,
    }),
  },
  errors: ["not_found"],
} as const satisfies Route;

export const listConnections = {
  method: "GET",
  path: "/v1/connections",
  auth: "key",
  summary: "List connected accounts",
  reply: {
    status: 200,
    description: "The connections, oldest first",
    body: Type.Object({
      connections: Type.Array(
        Type.Object({
          id: connectionId,
          integration: slug,
          account: Type.String(),
          status: Type.String(),
          default: Type.Boolean({ description: "Used when a call names no connection" }),
          scopes: Type.Array(Type.String()),
          created_at: isoTime,
          last_used_at: nullable(isoTime),
        }),
      ),
    }),
  },
  errors: [],
} as const satisfies Route;

export const disconnect = {
  method: "DELETE",
  path: "/v1/connections/:connectionId",
  auth: "key",
  summary: "Disconnect an account: its credential is erased",
  params: Type.Object({ connectionId }),
  reply: {
    status: 200,
    description: "What happened",
    body: Type.Object({
      connection_id: connectionId,
      integration: slug,
      status: Type.Literal("disconnected"),
    }),
  },
  errors: ["not_found", "scope_not_allowed"],
} as const satisfies Route;

import Type from "typebox";
import type { Route } from "#contract/route.js";
import { connectionId, end, isoTime, nullable, slug, strict } from "#contract/schemas.js";

export const listConnections = {
  method: "GET",
  path: "/v1/connections",
  auth: "any",
  summary: "List connected accounts: your own, and those shared with your tenant",
  query: strict({
    everyone: Type.Optional(
      Type.Boolean({ description: "Those of all people of the tenant. Needs connections:*" }),
    ),
    integration: Type.Optional(slug),
    unused_days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 36_500, description: "Only those not used for so many days" }),
    ),
    profile: Type.Optional(
      Type.String({ minLength: 1, maxLength: 254, description: "Only those of this person: id or email" }),
    ),
  }),
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
          shared: Type.Boolean({ description: "Everybody of the tenant may call with it" }),
          profile_id: Type.String({ description: "Whose it is" }),
          scopes: Type.Array(Type.String()),
          settings: Type.Record(Type.String(), Type.String(), {
            description: "Where the account is reached, for an integration that asks for it",
          }),
          created_at: isoTime,
          last_used_at: nullable(isoTime),
          ends: Type.Optional(end),
        }),
      ),
    }),
  },
  errors: ["bad_request", "forbidden", "not_found"],
} as const satisfies Route;

export const updateConnection = {
  method: "PATCH",
  path: "/v1/connections/:connectionId",
  auth: "any",
  summary: "Make a connection the default, share it with the tenant, or take it back",
  params: Type.Object({ connectionId }),
  body: strict({
    default: Type.Optional(Type.Literal(true)),
    shared: Type.Optional(Type.Boolean({ description: "Needs connections:*" })),
  }),
  reply: {
    status: 200,
    description: "The connection",
    body: Type.Object({
      connection_id: connectionId,
      integration: slug,
      account: Type.String(),
      default: Type.Boolean(),
      shared: Type.Boolean(),
    }),
  },
  errors: ["bad_request", "forbidden", "not_found", "scope_not_allowed"],
} as const satisfies Route;

export const disconnect = {
  method: "DELETE",
  path: "/v1/connections/:connectionId",
  auth: "any",
  summary: "Disconnect an account: its credential is revoked at the service, and erased",
  params: Type.Object({ connectionId }),
  reply: {
    status: 200,
    description: "What happened",
    body: Type.Object({
      connection_id: connectionId,
      integration: slug,
      status: Type.Literal("disconnected"),
      revoked: Type.Boolean({ description: "The service has made the credential worthless" }),
      message: Type.Optional(Type.String({ description: "What is left to do where it has not" })),
    }),
  },
  errors: ["forbidden", "not_found", "scope_not_allowed"],
} as const satisfies Route;

import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";

/** Device authorization. @see RFC 8628 */

const userCode = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "As shown on the device; case, spaces and dashes do not matter",
});

export const getDeviceRequest = {
  method: "GET",
  path: "/auth/device/authorize",
  auth: "person",
  summary: "See what a device asks for",
  query: strict({ user_code: userCode }),
  reply: {
    status: 200,
    description: "What is asked for, and from where",
    headers: { "cache-control": "no-store" },
    body: Type.Object({
      user_code: Type.String(),
      device_name: nullable(Type.String()),
      client_id: nullable(Type.String()),
      address: Type.String({ description: "Where the request came from" }),
      scopes: Type.Array(Type.String()),
      requested_at: isoTime,
      expires_at: isoTime,
    }),
  },
  errors: ["bad_request", "rate_limit_reached"],
} as const satisfies Route;

export const authorizeDevice = {
  method: "POST",
  path: "/auth/device/authorize",
  auth: "person",
  summary: "Let a device in: it gets a key of yours",
  body: strict({
    user_code: userCode,
    scopes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 100,
        description: "Fewer than it asks for. Left out: all of it but raw requests (github:raw)",
      }),
    ),
  }),
  reply: {
    status: 200,
    description: "It is let in",
    body: Type.Object({ status: Type.Literal("authorized") }),
  },
  errors: ["bad_request", "plan_limit_reached", "rate_limit_reached"],
} as const satisfies Route;

export const denyDevice = {
  method: "POST",
  path: "/auth/device/deny",
  auth: "person",
  summary: "Turn a device away",
  body: strict({ user_code: userCode }),
  reply: {
    status: 200,
    description: "It is turned away",
    body: Type.Object({ status: Type.Literal("denied") }),
  },
  errors: ["bad_request", "rate_limit_reached"],
} as const satisfies Route;

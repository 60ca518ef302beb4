import Type from "typebox";
import type { Route } from "#contract/route.js";
import { nullable } from "#contract/schemas.js";

/** The requests of a device that asks for a key. @see RFC 8628 */

/** A form is refused with the error codes of the RFC, JSON with ours: so the handler needs to know which it is. */
const contentType = Type.Object({ "content-type": Type.Optional(Type.String()) });

/**
 * A parameter of an OAuth request, a string. The handler checks that it is one, since it knows which kind of error
 * the request gets. Unknown parameters are ignored.
 *
 * @see RFC 6749 §3.2
 */
const parameter = (description: string) => Type.Optional(Type.Unknown({ description }));

export const requestDeviceCode = {
  method: "POST",
  path: "/auth/device/code",
  auth: "none",
  summary: "Begin to sign in a device",
  headers: contentType,
  body: nullable(
    Type.Object({
      client_id: parameter("Name of the program, 200 characters at most; required in a form"),
      scope: parameter("Scopes of the key that is wanted, by spaces; all, when left out"),
      device_name: parameter("How the device is called, such as a host name; 100 characters at most"),
    }),
  ),
  form: true,
  reply: {
    status: 200,
    description: "The code for the device, and the one for the person",
    headers: { "cache-control": "no-store" },
    body: Type.Object({
      device_code: Type.String({ description: "SECRET" }),
      user_code: Type.String(),
      verification_uri: Type.String(),
      verification_uri_complete: Type.String(),
      expires_in: Type.Integer({ description: "Seconds" }),
      interval: Type.Integer({ description: "Seconds to wait between two polls" }),
    }),
  },
  errors: ["bad_request", "invalid_request", "invalid_scope", "rate_limit_reached"],
} as const satisfies Route;

export const pollDeviceToken = {
  method: "POST",
  path: "/auth/device/token",
  auth: "none",
  summary: "Ask whether the device has been let in",
  headers: contentType,
  body: Type.Object({
    grant_type: parameter("urn:ietf:params:oauth:grant-type:device_code; required in a form"),
    device_code: parameter("SECRET"),
    client_id: parameter("As at /auth/device/code; required with a grant_type"),
  }),
  form: true,
  reply: {
    status: 200,
    description: "It has: the key, once",
    headers: { "cache-control": "no-store", pragma: "no-cache" },
    body: Type.Object({
      access_token: Type.String({ description: "SECRET. An API key, sk_…" }),
      token_type: Type.Literal("Bearer"),
      scope: Type.String(),
      expires_in: Type.Optional(Type.Integer({ description: "Seconds; left out when it does not end" })),
      status: Type.Literal("complete"),
      user: Type.Object({ email: nullable(Type.String()), display_name: nullable(Type.String()) }),
      api_keys_url: Type.String(),
    }),
  },
  errors: [
    "bad_request",
    "not_found",
    "authorization_pending",
    "slow_down",
    "access_denied",
    "expired_token",
    "already_used",
    "invalid_request",
    "invalid_grant",
    "unsupported_grant_type",
  ],
} as const satisfies Route;

export const authorizationServerMetadata = {
  method: "GET",
  path: "/.well-known/oauth-authorization-server",
  auth: "none",
  summary: "What this server can do as an authorization server (RFC 8414)",
  reply: {
    status: 200,
    description: "The metadata",
    body: Type.Object({
      issuer: Type.String(),
      token_endpoint: Type.String(),
      device_authorization_endpoint: Type.String(),
      jwks_uri: Type.String(),
      response_types_supported: Type.Array(Type.String()),
      grant_types_supported: Type.Array(Type.String()),
      token_endpoint_auth_methods_supported: Type.Array(Type.String()),
    }),
  },
  errors: [],
} as const satisfies Route;

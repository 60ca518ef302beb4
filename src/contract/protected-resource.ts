import Type from "typebox";
import type { Route } from "#contract/route.js";

const reply = {
  status: 200,
  description: "The metadata",
  // A client that runs in a browser reads it as well.
  headers: { "access-control-allow-origin": "*", "cache-control": "public, max-age=300" },
  body: Type.Object({
    resource: Type.String({ description: "What tokens are for: where MCP clients connect" }),
    authorization_servers: Type.Array(Type.String()),
    scopes_supported: Type.Array(Type.String()),
    bearer_methods_supported: Type.Array(Type.Literal("header")),
    resource_name: Type.String(),
  }),
} as const;

export const protectedResourceMetadata = {
  method: "GET",
  path: "/.well-known/oauth-protected-resource/mcp",
  auth: "none",
  summary: "Where an MCP client gets its tokens (RFC 9728)",
  reply,
  errors: [],
} as const satisfies Route;

export const rootResourceMetadata = {
  method: "GET",
  path: "/.well-known/oauth-protected-resource",
  auth: "none",
  summary: "The same, for clients that look at the root only",
  reply,
  errors: [],
} as const satisfies Route;

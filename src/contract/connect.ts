import Type from "typebox";
import type { Route } from "#contract/route.js";
import { connectionId, end, slug, strict, unchecked } from "#contract/schemas.js";

/** Of a sign-in under way. It becomes the connection's, unless the account is known, so the wire calls it the same. */
const attemptId = connectionId;

const scopes = Type.Array(Type.String({ minLength: 1, maxLength: 256, pattern: "^[\\x21-\\x7e]+$" }), {
  maxItems: 100,
});

export const connect = {
  method: "POST",
  path: "/v1/connect",
  auth: "any",
  summary: "Connect an account of an integration: by signing in at the service, or with a credential",
  body: strict({
    integration: slug,
    credentials: Type.Optional(
      Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 8192 }), {
        description: 'SECRET. What the integration asks for, such as {"token": "…"}; left out to sign in',
      }),
    ),
    scopes: Type.Optional({
      ...scopes,
      description: "Ask the service for exactly these; left out for those the integration names",
    }),
    connection: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "Renew this connection (id or account); signing in with another account is refused",
      }),
    ),
    settings: Type.Optional(
      Type.Record(Type.String({ maxLength: 64 }), Type.String({ minLength: 1, maxLength: 253 }), {
        description: 'Where the account is reached, as the integration asks: {"subdomain": "acme"}',
      }),
    ),
    shared: Type.Optional(
      Type.Boolean({ description: "Everybody of the tenant may call with it. Needs connections:*" }),
    ),
  }),
  reply: {
    status: 200,
    description:
      "`oauth_url` is the page to sign in at, within ten minutes; for an agent's key it is a page of ours, where its person confirms it first. Without it the account is connected",
    body: Type.Object({
      connection_id: connectionId,
      oauth_url: Type.Optional(Type.String()),
      status: Type.Optional(Type.Literal("connected")),
      account: Type.Optional(Type.String()),
      ends: Type.Optional(end),
      hint: unchecked,
    }),
  },
  errors: [
    "bad_request",
    "forbidden",
    "plan_limit_reached",
    "scope_not_allowed",
    "not_found",
    "conflict",
    "upstream_unreachable",
    "upstream_timeout",
  ],
} as const satisfies Route;

export const getConnect = {
  method: "GET",
  path: "/v1/connect/:connectionId",
  auth: "any",
  summary: "See whether a connection has come about; ask every 3 seconds",
  params: Type.Object({ connectionId }),
  reply: {
    status: 200,
    description: "How it stands",
    body: Type.Object({
      status: Type.Union([Type.Literal("pending"), Type.Literal("connected"), Type.Literal("error")]),
      integration: slug,
      connection_id: Type.Optional(
        Type.String({
          description: "The connection, once there is one; an account known before keeps its id",
        }),
      ),
      account: Type.Optional(Type.String()),
      message: Type.Optional(Type.String({ description: "Why it failed" })),
      hint: unchecked,
    }),
  },
  errors: ["not_found"],
} as const satisfies Route;

export const cancelConnect = {
  method: "DELETE",
  path: "/v1/connect/:connectionId",
  auth: "any",
  summary: "Give up a sign-in that is still pending: its link stops working",
  params: Type.Object({ connectionId: attemptId }),
  reply: { status: 204, description: "It is given up, or was over already" },
  errors: ["not_found"],
} as const satisfies Route;

const comingBack = {
  method: "GET",
  auth: "none",
  acts: true,
  // Anything is taken: a service sends a browser here, and errors are shown on a page, not as JSON.
  query: Type.Record(Type.String(), Type.Unknown()),
  headers: Type.Object({ cookie: Type.Optional(Type.String()) }),
  reply: { status: 200, description: "A page that says what came of it", raw: true },
  errors: [],
} as const;

export const callback = {
  ...comingBack,
  path: "/callback",
  summary: "Where services send the browser back after signing in",
} as const satisfies Route;

const clientName = Type.String({ pattern: "^[a-z0-9_]{1,64}$", description: "Of an OAuth client of ours" });

export const ownCallback = {
  ...comingBack,
  path: "/callback/:client",
  summary: "The same for one MCP server that a tenant added: no other sends anybody here",
  params: Type.Object({ client: clientName }),
} as const satisfies Route;

export const clientDocument = {
  method: "GET",
  path: "/callback/:client/client.json",
  auth: "none",
  summary: "What this server says of itself as a client of such a server (Client ID Metadata Document)",
  params: Type.Object({ client: clientName }),
  reply: {
    status: 200,
    description: "The document",
    headers: { "cache-control": "public, max-age=300" },
    body: Type.Object({
      client_id: Type.String({ description: "The address of this document" }),
      client_name: Type.String(),
      client_uri: Type.String(),
      redirect_uris: Type.Array(Type.String()),
      grant_types: Type.Array(Type.String()),
      response_types: Type.Array(Type.String()),
      token_endpoint_auth_method: Type.String(),
    }),
  },
  errors: [],
} as const satisfies Route;

export const confirmConnect = {
  method: "GET",
  path: "/connect/:connectionId",
  auth: "none",
  summary: "Where a person confirms a sign-in that an agent asked for, and goes on to the service",
  params: Type.Object({ connectionId: attemptId }),
  headers: Type.Object({ cookie: Type.Optional(Type.String()) }),
  reply: { status: 200, description: "A page with the link to the service", raw: true },
  errors: [],
} as const satisfies Route;

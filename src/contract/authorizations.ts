import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { idOrSlug } from "#contract/skill-schemas.js";

/** Programs that people let in: remote MCP clients. @see docs/decisions/0013-oauth-server.md */

const id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
/** Shows that the browser which decides is the one that began. */
const headers = Type.Object({ cookie: Type.Optional(Type.String()) });
const scopes = Type.Array(Type.String());
const noStore = { "cache-control": "no-store" };
const decided = {
  status: 200,
  description: "Where the browser goes on",
  headers: noStore,
  body: Type.Object({ redirectTo: Type.String({ description: "Leads back to the program" }) }),
} as const;

export const getAuthorizationRequest = {
  method: "GET",
  path: "/api/authorizations/:id",
  auth: "person",
  summary: "See what a program asks for. From the browser that it sent",
  params: id,
  headers,
  reply: {
    status: 200,
    description: "Who asks, for what, and where it leads",
    headers: noStore,
    body: Type.Object({
      clientId: Type.String(),
      clientName: nullable(Type.String({ description: "As it calls itself: not proven" })),
      clientHost: nullable(
        Type.String({ description: "Whose document names it; null when it registered itself, unverified" }),
      ),
      redirectTo: Type.String({ description: "The host, or the scheme of a program, that gets the access" }),
      scopes,
      suggestedAgentId: nullable(Type.String({ description: "An agent to act as" })),
    }),
  },
  errors: ["not_found"],
} as const satisfies Route;

export const approveAuthorization = {
  method: "POST",
  path: "/api/authorizations/:id/approve",
  auth: "person",
  summary: "Let a program in, as an agent or as yourself. From the browser that it sent",
  params: id,
  headers,
  body: strict({
    agentId: Type.Optional(
      nullable({ ...idOrSlug, description: "UUID or slug. Needs agents:*; as yourself, when left out" }),
    ),
    scopes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 100,
        description:
          "Fewer than it asks for. Left out: all of it but raw requests (github:raw), or for an agent what of it only reads",
      }),
    ),
    expiresAt: Type.Optional(
      nullable(
        Type.String({
          format: "date-time",
          description:
            "ISO 8601, or null for until it is revoked. Left out: null, or in 90 days for an agent",
        }),
      ),
    ),
  }),
  reply: decided,
  errors: ["validation_failed", "forbidden", "not_found", "conflict"],
} as const satisfies Route;

export const denyAuthorization = {
  method: "POST",
  path: "/api/authorizations/:id/deny",
  auth: "person",
  summary: "Turn a program away. From the browser that it sent",
  params: id,
  headers,
  reply: decided,
  errors: ["not_found", "conflict"],
} as const satisfies Route;

export const listAuthorizations = {
  method: "GET",
  path: "/api/authorizations",
  auth: "person",
  summary: "List the programs you have let in",
  reply: {
    status: 200,
    description: "Newest first",
    body: Type.Object({
      authorizations: Type.Array(
        Type.Object({
          id: Type.String({ description: "grant_…" }),
          clientId: Type.String(),
          clientName: nullable(Type.String()),
          agent: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
          scopes,
          createdAt: isoTime,
          expiresAt: nullable(isoTime),
          lastUsedAt: nullable(isoTime),
        }),
      ),
      total: Type.Integer(),
    }),
  },
  errors: [],
} as const satisfies Route;

export const revokeAuthorization = {
  method: "DELETE",
  path: "/api/authorizations/:id",
  auth: "person",
  summary: "Take a program's access back: it stops at the next call",
  params: id,
  reply: {
    status: 200,
    description: "It is revoked",
    body: Type.Object({ success: Type.Boolean() }),
  },
  errors: ["not_found"],
} as const satisfies Route;

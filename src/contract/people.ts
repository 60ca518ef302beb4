import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { plans } from "#core/plans.js";

const role = Type.String({ description: "owner, admin, engineer, member or viewer" });
const planName = Type.Enum(Object.keys(plans));

export const whoami = {
  method: "GET",
  path: "/v1/me",
  auth: "key",
  summary: "See whose key this is, and what it may do",
  reply: {
    status: 200,
    description: "The person, the tenant and the key",
    body: Type.Object({
      profile: Type.Object({
        id: Type.String(),
        email: nullable(Type.String()),
        display_name: nullable(Type.String()),
        plan: Type.String(),
      }),
      tenant: Type.Object({ id: Type.String(), name: Type.String(), role }),
      api_key: Type.Object({
        id: Type.String(),
        name: Type.String(),
        key_prefix: Type.String(),
        scopes: Type.Array(Type.String()),
        agent_id: nullable(Type.String()),
        expires_at: nullable(isoTime),
      }),
    }),
  },
  errors: [],
} as const satisfies Route;

export const getMe = {
  method: "GET",
  path: "/api/me",
  auth: "person",
  summary: "See who is signed in, and in which tenants",
  reply: {
    status: 200,
    description: "The person, the tenant at hand, and all of theirs",
    body: Type.Object({
      profile: Type.Object({
        id: Type.String(),
        email: nullable(Type.String()),
        displayName: nullable(Type.String()),
        plan: Type.String(),
        isOperator: Type.Boolean(),
      }),
      tenantId: Type.String(),
      role,
      permissions: Type.Array(Type.String()),
      tenants: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), slug: Type.String(), role })),
    }),
  },
  errors: [],
} as const satisfies Route;

export const setPlan = {
  method: "PUT",
  path: "/v1/admin/profiles/:profile/plan",
  auth: "any",
  permission: "operator",
  summary: "Put a person on a plan. For the operator of this instance",
  params: Type.Object({
    profile: Type.String({ minLength: 1, maxLength: 254, description: "Id or email address" }),
  }),
  body: strict({ plan: planName }),
  reply: {
    status: 200,
    description: "The person",
    body: Type.Object({ profile_id: Type.String(), email: nullable(Type.String()), plan: Type.String() }),
  },
  errors: ["bad_request", "forbidden", "not_found"],
} as const satisfies Route;

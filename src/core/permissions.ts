/** The permissions of each role of a tenant. @see docs/api.md */

export const permissions = [
  "skills:read",
  "skills:write",
  "agents:*",
  "tasks:decide",
  "connections:*",
  "integrations:*",
  "keys:*",
  "members:*",
  "audit:read",
] as const;

export type Permission = (typeof permissions)[number];

/** A permission in the tenant, or to run this instance, which concerns all tenants. */
export type Requirement = Permission | "operator";

const byRole = {
  owner: permissions,
  admin: permissions,
  engineer: ["skills:read", "skills:write", "agents:*", "tasks:decide", "audit:read"],
  member: ["skills:read"],
  viewer: ["skills:read"],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof byRole;
export const roles = Object.keys(byRole) as Role[];

/** Everybody may manage their own connections and keys; these are permissions beyond that. */
export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return new Set(byRole[role]);
}

import { createAccessControl } from "better-auth/plugins/access";
import { type Role, roles } from "#core/permissions.js";

/** The actions on a tenant that Better Auth knows. No role may delete a tenant. */
const control = createAccessControl({
  organization: ["update", "delete"],
  member: ["create", "update", "delete"],
  invitation: ["create", "cancel"],
} as const);

const manages = control.newRole({
  organization: ["update"],
  member: ["create", "update", "delete"],
  invitation: ["create", "cancel"],
});
const belongs = control.newRole({ organization: [], member: [], invitation: [] });

/** Owners and admins have `members:*`. @see core/permissions.ts */
const managing: readonly Role[] = ["owner", "admin"];

export const tenantRoles = {
  ac: control,
  roles: Object.fromEntries(roles.map((role) => [role, managing.includes(role) ? manages : belongs])),
};

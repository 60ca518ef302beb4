import { createAccessControl } from "better-auth/plugins/access";
import { type Role, roles } from "#core/permissions.js";

/** What each role may do with its tenant, as Better Auth asks for it; deleting one is not offered at all. */
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

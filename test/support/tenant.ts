import type { Role } from "#core/permissions.js";
import type { Skillett } from "#support/skillett.js";
import { createVisitor, type Visitor } from "#support/visitor.js";

/** People of one tenant, by role, each signed in. */
export type Tenant = Record<Role, Visitor> & { id: string };

/**
 * An owner who signs up, and one person for every other role, who are put into the owner's tenant.
 *
 * @param pause Lets the server's clock go on: so many sign-ups from one address would be slowed down.
 */
export async function createTenant(skillett: Skillett, name: string, pause: () => void): Promise<Tenant> {
  const { kysely } = skillett.app.database;
  const join = async (role: Role): Promise<Visitor> => {
    const person = createVisitor(skillett.url);
    pause();
    const { status, text } = await person.signUp({ name: role, email: `${role}@${name}.example` });
    if (status !== 200) throw new Error(`${role} of ${name} could not sign up: ${text}`);
    return person;
  };
  const owner = await join("owner");
  const { tenantId: id } = (await owner.call("GET", "/api/me")).json;
  const others: Partial<Tenant> = {};
  for (const role of ["admin", "engineer", "member", "viewer"] as const) {
    const person = await join(role);
    const { profile, tenantId: home } = (await person.call("GET", "/api/me")).json;
    await kysely
      .updateTable("memberships")
      .set({ tenant_id: id, role })
      .where("profile_id", "=", profile.id)
      .where("tenant_id", "=", home)
      .execute();
    await person.call("POST", "/auth/organization/set-active", { organizationId: id });
    others[role] = person;
  }
  return { ...(others as Omit<Tenant, "id" | "owner">), owner, id };
}

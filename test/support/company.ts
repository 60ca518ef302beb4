import { newUuid } from "#core/ids.js";
import { type Role, roles } from "#core/permissions.js";
import type { Skillett } from "#support/skillett.js";
import { createVisitor, password, type Visitor } from "#support/visitor.js";

/** Somebody signed in, with a key of their own. */
export interface Colleague {
  visitor: Visitor;
  email: string;
  profileId: string;
  tenantId: string;
  /** SECRET. */
  key: string;
  jwt: string;
}

/** Who there is: one of each role in one tenant, the operator of the instance, and the owner of another tenant. */
export type Who = Role | "operator" | "stranger";

/** People who signed up and in as anybody does; takes a server with `SKILLETT_SIGN_UP=open` that is not claimed. */
export async function gatherCompany(skillett: Skillett): Promise<Record<Who, Colleague>> {
  const operator = createVisitor(skillett.url);
  const claim = { token: skillett.claimToken, email: "operator@example.com", display_name: "Opal", password };
  await operator.call("POST", "/claim", claim);
  const owner = await signUp(skillett, "owner", "owner@acme.example");
  const stranger = await signUp(skillett, "owner", "owner@other.example");
  const { tenantId } = (await owner.call("GET", "/api/me")).json;
  const staff = new Map<Who, Visitor>([
    ["operator", operator],
    ["owner", owner],
    ["stranger", stranger],
  ]);
  for (const role of roles.filter((it) => it !== "owner")) {
    const visitor = await signUp(skillett, role, `${role}@acme.example`);
    await join(skillett, visitor, tenantId, role);
    staff.set(role, visitor);
  }
  await skillett.setPlan("unlimited");
  const colleagues = await Promise.all(
    [...staff].map(async ([who, visitor]) => [who, await toColleague(visitor)] as const),
  );
  return Object.fromEntries(colleagues) as Record<Who, Colleague>;
}

async function signUp({ url }: Skillett, name: string, email: string): Promise<Visitor> {
  const visitor = createVisitor(url);
  const { status, text } = await visitor.signUp({ name, email });
  if (status !== 200) throw new Error(`${email} could not sign up: ${text}`);
  return visitor;
}

async function join({ app }: Skillett, visitor: Visitor, tenant_id: string, role: Role): Promise<void> {
  const { profile } = (await visitor.call("GET", "/api/me")).json;
  await app.database.kysely
    .insertInto("memberships")
    .values({ id: newUuid(), tenant_id, profile_id: profile.id, role, created_at: Date.now() })
    .execute();
  await visitor.call("POST", "/auth/organization/set-active", { organizationId: tenant_id });
}

async function toColleague(visitor: Visitor): Promise<Colleague> {
  const { profile, tenantId } = (await visitor.call("GET", "/api/me")).json;
  const { json } = await visitor.call("POST", "/api-keys", { name: "own" });
  const jwt = await visitor.jwt();
  return { visitor, email: profile.email, profileId: profile.id, tenantId, key: json.full_key, jwt };
}

import { newUuid } from "#core/ids.js";
import { type Role, roles } from "#core/permissions.js";
import type { PlanName } from "#core/plans.js";
import { issueKey } from "#identity/issue-key.js";
import { createAgentRows } from "#store/agent-rows.js";
import { createApiKeyRows } from "#store/api-key-rows.js";
import type { Database } from "#store/engine/database.js";
import type { Skillett } from "#support/skillett.js";
import { createVisitor, password, type Visitor } from "#support/visitor.js";

/**
 * People, tenants, agents and keys for tests. What takes a Skillett goes through its routes, as a browser does. What
 * takes a database writes rows: for people without a browser, for a server that has closed sign-up, and for what plans
 * and throttles would refuse.
 */

/** A person in one of their tenants, as rows name them. */
export interface PersonIds {
  tenantId: string;
  profileId: string;
}

/** A browser in which somebody is signed in; `tenantId` is the tenant at hand. */
export interface Person extends Visitor, PersonIds {
  email: string;
}

/** Somebody who never signs in, and has a key. */
export interface KeyHolder extends PersonIds, Key {}

export interface Key {
  keyId: string;
  /** SECRET. */
  key: string;
}

/** A key of an agent. */
export interface BoundKey extends Key {
  agentId: string;
}

/** Becomes the owner and operator of a server that nobody has claimed yet. */
export async function claimInstance(
  { url, claimToken: token }: Pick<Skillett, "url" | "claimToken">,
  display_name = "Ada",
  email = addressOf(display_name),
): Promise<Person> {
  const visitor = createVisitor(url);
  const { status, text } = await visitor.call("POST", "/claim", { token, email, display_name, password });
  if (status !== 200) throw new Error(`${email} could not claim the instance: ${text}`);
  return toPerson(visitor);
}

/** Makes an account where sign-up is open, with a tenant of its own. Hashes a password, which takes a while. */
export async function signUp(
  { url }: Pick<Skillett, "url">,
  name: string,
  email = addressOf(name),
): Promise<Person> {
  const visitor = createVisitor(url);
  const { status, text } = await visitor.signUp({ name, email });
  if (status !== 200) throw new Error(`${email} could not sign up: ${text}`);
  return toPerson(visitor);
}

const addressOf = (name: string) => `${name.toLowerCase()}@example.com`;

/** Whoever is signed in in this browser. */
export async function toPerson(visitor: Visitor): Promise<Person> {
  const { status, text, json } = await visitor.call("GET", "/api/me");
  if (status !== 200) throw new Error(`nobody is signed in: ${text}`);
  return { ...visitor, email: json.profile.email, profileId: json.profile.id, tenantId: json.tenantId };
}

/**
 * Brings a person into a tenant, beside their own, and turns to it. Without an invitation: of those a new account has
 * five a day, and where mail is delivered they want a proven address.
 */
export async function addMember(
  { app }: Skillett,
  person: Person,
  tenantId: string,
  role: Role,
): Promise<Person> {
  await insertMembership(app.database, { ...person, tenantId }, role);
  const { status, text } = await person.call("POST", "/auth/organization/set-active", {
    organizationId: tenantId,
  });
  if (status !== 200) throw new Error(`${person.email} could not turn to the tenant: ${text}`);
  return { ...person, tenantId };
}

/** People of one tenant: one of each role. */
export type Tenant = Record<Role, Person>;

/** An owner who signs up, and one person for every other role, who are brought into the owner's tenant. */
export async function createTenant(skillett: Skillett, name: string): Promise<Tenant> {
  const signUpAs = (role: Role) => signUp(skillett, role, `${role}@${name}.example`);
  const owner = await signUpAs("owner");
  const others = roles.filter((role) => role !== "owner");
  const members = await Promise.all(
    others.map(async (role) => [role, await addMember(skillett, await signUpAs(role), owner.tenantId, role)]),
  );
  return { ...Object.fromEntries(members), owner };
}

/** Who there is: one of each role in one tenant, the operator of the instance, and the owner of another tenant. */
export type Who = Role | "operator" | "stranger";

/** Each with a key and a JWT of their own, both SECRET. */
export type Company = Record<Who, Person & Key & { jwt: string }>;

/** Everybody, on the plan without limits; takes a server with `SKILLETT_SIGN_UP=open` that is not claimed. */
export async function gatherCompany(skillett: Skillett): Promise<Company> {
  const operator = await claimInstance(skillett, "Opal", "operator@example.com");
  const stranger = await signUp(skillett, "owner", "owner@other.example");
  const people = { ...(await createTenant(skillett, "acme")), operator, stranger };
  await skillett.setPlan("unlimited");
  const withCredentials = Object.entries(people).map(async ([who, person]) => [
    who,
    { ...person, ...(await insertKey(skillett.app.database, person)), jwt: await person.fetchJwt() },
  ]);
  return Object.fromEntries(await Promise.all(withCredentials));
}

/** Somebody with a key, in a tenant of their own or in the one that is named. */
export async function insertPerson(
  database: Database,
  name: string,
  {
    tenantId = newUuid(),
    profileId = newUuid(),
    role = "owner",
    plan = "unlimited",
  }: Partial<PersonIds & { role: Role; plan: PlanName }> = {},
): Promise<KeyHolder> {
  const created_at = Date.now();
  const nothing = { logo: null, metadata: null, catalog_version: 0 };
  const tenant = { id: tenantId, name, slug: tenantId, ...nothing, created_at };
  const flags = { email_verified: 1, two_factor_enabled: 0, is_operator: 0 };
  const profile = { id: profileId, email: addressOf(name), display_name: name, image: null, plan };
  const ids = { tenantId, profileId };
  await database.kysely
    .insertInto("tenants")
    .values(tenant)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  await database.kysely
    .insertInto("profiles")
    .values({ ...profile, ...flags, claim_token_hash: null, updated_at: created_at, created_at })
    .execute();
  await insertMembership(database, ids, role);
  return { ...ids, ...(await insertKey(database, ids, { name })) };
}

/** Somebody with a key in the first tenant there is, which belongs to the owner of the server. */
export async function insertMember(database: Database, name: string, role: Role): Promise<KeyHolder> {
  const { id: tenantId } = await database.kysely
    .selectFrom("tenants")
    .select("id")
    .orderBy("created_at")
    .executeTakeFirstOrThrow();
  return insertPerson(database, name, { tenantId, role });
}

async function insertMembership(
  { kysely }: Database,
  { tenantId: tenant_id, profileId: profile_id }: PersonIds,
  role: Role,
): Promise<void> {
  await kysely
    .insertInto("memberships")
    .values({ id: newUuid(), tenant_id, profile_id, role, created_at: Date.now() })
    .execute();
}

/** Gives a person another role where they are; the routes do not let a last owner step down. */
export async function setRole(
  { kysely }: Database,
  { tenantId, profileId }: PersonIds,
  role: Role,
): Promise<void> {
  await kysely
    .updateTable("memberships")
    .set({ role })
    .where("tenant_id", "=", tenantId)
    .where("profile_id", "=", profileId)
    .execute();
}

/** A key for everything that never ends: past the routes, which give one to the plan `free`, and twenty an hour. */
export async function insertKey(
  database: Database,
  { tenantId, profileId }: PersonIds,
  { name = "own", agentId = null }: { name?: string; agentId?: string | null } = {},
): Promise<Key> {
  const now = Date.now();
  const request = { tenantId, profileId, agentId, name, scopes: ["*"], expiresAt: null };
  const { row, fullKey } = issueKey(request, now);
  await createApiKeyRows(database).insert(row, null, now);
  return { keyId: row.id, key: fullKey };
}

/** An agent of a person, and a key of theirs that is bound to it. Its slug is its id: several may have one name. */
export async function insertAgent(database: Database, person: PersonIds, name: string): Promise<BoundKey> {
  const [agentId, now] = [newUuid(), Date.now()];
  await createAgentRows(database).insert({
    tenant_id: person.tenantId,
    id: agentId,
    slug: agentId,
    name,
    description: null,
    status: "active",
    created_by: person.profileId,
    created_at: now,
    updated_at: now,
  });
  return { agentId, ...(await insertKey(database, person, { name, agentId })) };
}

import { newId, newUuid } from "#core/ids.js";
import type { Role } from "#core/permissions.js";
import { hashToken, keyPrefix, newApiKey } from "#identity/api-key.js";
import type { Engine } from "#store/engine/database.js";
import { type Skillett, type SkillettOptions, startSkillett } from "#support/skillett.js";
import { createVisitor, type Visitor } from "#support/visitor.js";

/** A person signed in at a server, in a tenant of their own. */
export interface Somebody {
  visitor: Visitor;
  tenantId: string;
  profileId: string;
}

export function startForPeople(engine: Engine, options: SkillettOptions = {}): Promise<Skillett> {
  return startSkillett(engine, { ...options, env: { SKILLETT_SIGN_UP: "open", ...options.env } });
}

export async function newSomebody(skillett: Skillett, name: string): Promise<Somebody> {
  const visitor = createVisitor(skillett.url);
  await visitor.signUp({ name, email: `${name.toLowerCase()}@example.com` });
  const { json } = await visitor.call("GET", "/api/me");
  return { visitor, tenantId: json.tenantId, profileId: json.profile.id };
}

/** An agent of somebody's tenant, or none, and a key of theirs that is bound to it. */
export async function newKey(
  { app }: Skillett,
  { tenantId, profileId }: Somebody,
  agentName: string | null,
): Promise<{ key: string; agentId: string | null }> {
  const { kysely } = app.database;
  const [key, now] = [newApiKey(), Date.now()];
  const agentId = agentName === null ? null : newUuid();
  if (agentName !== null && agentId !== null) {
    const times = { created_at: now, updated_at: now };
    const agent = { tenant_id: tenantId, id: agentId, slug: agentId, name: agentName, description: null };
    await kysely
      .insertInto("agents")
      .values({ ...agent, ...times, status: "active", created_by: profileId })
      .execute();
  }
  await kysely
    .insertInto("api_keys")
    .values({
      tenant_id: tenantId,
      id: newId("key"),
      profile_id: profileId,
      agent_id: agentId,
      name: agentName ?? "plain",
      key_hash: hashToken(key),
      key_prefix: keyPrefix(key),
      scopes: '["*"]',
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
      created_at: now,
    })
    .execute();
  return { key, agentId };
}

export async function setRole({ app }: Skillett, { profileId }: Somebody, role: Role): Promise<void> {
  await app.database.kysely
    .updateTable("memberships")
    .set({ role })
    .where("profile_id", "=", profileId)
    .execute();
}

import { type SelectQueryBuilder, sql } from "kysely";
import { dayMs } from "#core/clock.js";
import type { Role } from "#core/permissions.js";
import type { Database, Queryable, Transaction } from "#store/engine/database.js";
import { updateInSteps } from "#store/engine/steps.js";
import type { WebhookDeliveryRow } from "#store/schema/listing-tables.js";
import type { TaskRow } from "#store/schema/skill-tables.js";
import type { Tables } from "#store/schema/tables.js";
import { insertDelivery } from "#store/webhook-delivery-rows.js";

/** With the names of what it is about, where these are ours. */
export interface NamedTask extends TaskRow {
  /** Null for an integration. */
  skill_name: string | null;
  agent_name: string | null;
}

export interface TaskFilter {
  tenantId: string;
  status?: string | undefined;
  type?: string | undefined;
  agentId?: string | undefined;
  requestedBy?: string | undefined;
  limit: number;
  offset: number;
  now: number;
}

export interface Decision {
  tenantId: string;
  id: string;
  status: "approved" | "rejected" | "withdrawn";
  /** Profile; null when the requester has taken it back. */
  decidedBy: string | null;
  note: string | null;
  now: number;
}

/** The webhook that tells of a task; it is stored with what it tells of, or not at all. */
export type Tell = (task: NamedTask) => WebhookDeliveryRow | undefined;

export interface TaskRows {
  /**
   * Adds the request, unless an equal one is open: then it answers with that one; or unless as many as `maxADay`
   * were made for the same agent, or else by the same person: then with none.
   */
  request(
    row: TaskRow,
    maxADay: number,
    tell: Tell,
  ): Promise<{ task: NamedTask | undefined; isNew: boolean }>;
  get(tenantId: string, id: string): Promise<NamedTask | undefined>;
  /** Newest first, and how many there are in all. */
  list(filter: TaskFilter): Promise<{ tasks: NamedTask[]; total: number }>;
  /** Closes those whose time is over. */
  expire(now: number, signal?: AbortSignal): Promise<number>;
  /** Email addresses of those who have one of these roles. */
  addressesOf(tenantId: string, roles: readonly Role[]): Promise<string[]>;
  /** The skill an agent could ask for, by id or slug. */
  findSkill(tenantId: string, idOrSlug: string): Promise<{ id: string; name: string } | undefined>;
  hasSkill(tenantId: string, skillId: string, agentId: string): Promise<boolean>;
}

export function createTaskRows(database: Database): TaskRows {
  const { kysely } = database;
  return {
    request: (row, maxADay, tell) =>
      kysely.transaction().execute(async (transaction) => {
        await expireThoseOf(transaction, row.tenant_id, row.created_at);
        const open = await findEqual(transaction, row);
        if (open) return { task: open, isNew: false };
        if ((await countSince(transaction, row, row.created_at - dayMs)) >= maxADay)
          return { task: undefined, isNew: false };
        const { numInsertedOrUpdatedRows: inserted } = await transaction
          .insertInto("tasks")
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        const isNew = inserted === 1n;
        const task = isNew
          ? await find({ kysely: transaction }, row.tenant_id, row.id)
          : await findEqual(transaction, row);
        const delivery = isNew ? tell(task!) : undefined;
        if (delivery) await insertDelivery(transaction, delivery);
        return { task: task!, isNew };
      }),
    get: (tenantId, id) => find(database, tenantId, id),
    async list({ limit, offset, ...filter }) {
      const matching = matchingTasks(database, filter);
      const [tasks, { total }] = await Promise.all([
        named(matching)
          .orderBy("tasks.created_at", "desc")
          .orderBy("tasks.id", "desc")
          .limit(limit)
          .offset(offset)
          .execute(),
        matching.select((eb) => eb.fn.countAll().as("total")).executeTakeFirstOrThrow(),
      ]);
      return { tasks, total: Number(total) };
    },
    expire: (now, signal) =>
      updateInSteps(
        database,
        {
          table: "tasks",
          set: sql`status = 'expired'`,
          where: sql`status = 'pending' and expires_at <= ${now}`,
        },
        signal,
      ),
    async addressesOf(tenantId, roles) {
      const people = await kysely
        .selectFrom("memberships")
        .innerJoin("profiles", "profiles.id", "memberships.profile_id")
        .select("profiles.email")
        .where("memberships.tenant_id", "=", tenantId)
        .where("memberships.role", "in", roles)
        .orderBy("memberships.created_at")
        .execute();
      return people.flatMap(({ email }) => email ?? []);
    },
    findSkill: (tenantId, idOrSlug) =>
      kysely
        .selectFrom("skills")
        .select(["id", "name"])
        .where("tenant_id", "=", tenantId)
        .where((eb) => eb.or([eb("id", "=", idOrSlug), eb("slug", "=", idOrSlug)]))
        .where("status", "=", "active")
        .where("current_version", "is not", null)
        // An id counts before a slug.
        .orderBy((eb) => eb.case().when("id", "=", idOrSlug).then(0).else(1).end())
        .executeTakeFirst(),
    async hasSkill(tenantId, skillId, agentId) {
      const found = await kysely
        .selectFrom("skill_assignments")
        .select("id")
        .where("tenant_id", "=", tenantId)
        .where("skill_id", "=", skillId)
        .where("agent_id", "=", agentId)
        .where("enabled", "=", 1)
        .executeTakeFirst();
      return found !== undefined;
    },
  };
}

function matchingTasks(
  { kysely }: Database,
  { tenantId, status, type, agentId, requestedBy, now }: Omit<TaskFilter, "limit" | "offset">,
) {
  let query = kysely.selectFrom("tasks").where("tasks.tenant_id", "=", tenantId);
  if (agentId) query = query.where("tasks.agent_id", "=", agentId);
  if (requestedBy) query = query.where("tasks.requested_by", "=", requestedBy);
  if (type) query = query.where("tasks.type", "=", type);
  if (status === "pending")
    return query.where("tasks.status", "=", "pending").where("tasks.expires_at", ">", now);
  if (status !== "expired") return status ? query.where("tasks.status", "=", status) : query;
  return query.where((eb) =>
    eb.or([
      eb("tasks.status", "=", "expired"),
      eb.and([eb("tasks.status", "=", "pending"), eb("tasks.expires_at", "<=", now)]),
    ]),
  );
}

// biome-ignore lint/complexity/noBannedTypes: Kysely's own name for "nothing selected yet"
function named(query: SelectQueryBuilder<Tables, "tasks", {}>) {
  return query
    .leftJoin("skills", (join) =>
      join.onRef("skills.tenant_id", "=", "tasks.tenant_id").onRef("skills.id", "=", "tasks.subject"),
    )
    .leftJoin("agents", (join) =>
      join.onRef("agents.tenant_id", "=", "tasks.tenant_id").onRef("agents.id", "=", "tasks.agent_id"),
    )
    .selectAll("tasks")
    .select(["skills.name as skill_name", "agents.name as agent_name"]);
}

function find({ kysely }: Queryable, tenantId: string, id: string): Promise<NamedTask | undefined> {
  return named(kysely.selectFrom("tasks"))
    .where("tasks.tenant_id", "=", tenantId)
    .where("tasks.id", "=", id)
    .executeTakeFirst();
}

/** @see migrations/0005-tasks-and-listings.ts for what makes requests equal */
function findEqual(transaction: Transaction, row: TaskRow): Promise<NamedTask | undefined> {
  return named(transaction.selectFrom("tasks"))
    .where("tasks.tenant_id", "=", row.tenant_id)
    .where("tasks.type", "=", row.type)
    .where("tasks.subject", "=", row.subject)
    .where((eb) =>
      eb(eb.fn.coalesce("tasks.agent_id", "tasks.requested_by"), "=", row.agent_id ?? row.requested_by),
    )
    .where("tasks.status", "=", "pending")
    .executeTakeFirst();
}

/** Requests of the same agent, or else of the same person. */
async function countSince(transaction: Transaction, row: TaskRow, since: number): Promise<number> {
  const { count } = await transaction
    .selectFrom("tasks")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("tenant_id", "=", row.tenant_id)
    .where("created_at", ">", since)
    .where((eb) => eb(eb.fn.coalesce("agent_id", "requested_by"), "=", row.agent_id ?? row.requested_by))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Before a request is compared with those that are open. */
async function expireThoseOf(transaction: Transaction, tenantId: string, now: number): Promise<void> {
  await transaction
    .updateTable("tasks")
    .set({ status: "expired" })
    .where("tenant_id", "=", tenantId)
    .where("status", "=", "pending")
    .where("expires_at", "<=", now)
    .execute();
}

/** Ends an open task; undefined when it is not open. Part of a transaction that does what was asked for. */
export async function closeTask(
  transaction: Transaction,
  decision: Decision,
): Promise<NamedTask | undefined> {
  const { tenantId, id, status, decidedBy, note, now } = decision;
  const { numUpdatedRows } = await transaction
    .updateTable("tasks")
    .set({ status, decided_by: decidedBy, decided_at: now, note })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .where("status", "=", "pending")
    .where("expires_at", ">", now)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n ? find({ kysely: transaction }, tenantId, id) : undefined;
}

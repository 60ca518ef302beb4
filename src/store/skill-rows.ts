import { setImmediate } from "node:timers/promises";
import { type ExpressionBuilder, sql } from "kysely";
import type { Queryable, Transaction } from "#store/engine/database.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import type { Tables } from "#store/schema/tables.js";

/** Where a skill came from: rows and the wire say `store` for a listing. */
export const skillSource = { custom: "custom", listing: "store" } as const;

export interface SkillFilter {
  tenantId: string;
  category?: string | undefined;
  /** Both, when left out. */
  status?: "active" | "archived" | undefined;
  /** Only those with a published version. */
  published?: true;
  /** Only slugs that come after this one. */
  after?: string | undefined;
}

export interface Page {
  limit: number;
  offset: number;
}

export type SkillKey = Pick<SkillRow, "tenant_id" | "id">;
export interface ListedSkill extends SkillRow {
  assigned_agents: number;
  /** Of the current version. */
  author: string | null;
}

export interface SkillRows {
  /** By id or slug; an id counts before a slug. */
  find(tenantId: string, name: string): Promise<SkillRow | undefined>;
  /** The one that was installed from a listing. */
  findInstalled(tenantId: string, listingRef: string): Promise<SkillRow | undefined>;
  listBySlugs(tenantId: string, slugs: string[]): Promise<SkillRow[]>;
  /** Slugs that begin with `start`. */
  slugsFrom(tenantId: string, start: string): Promise<string[]>;
  /** By slug. */
  list(filter: SkillFilter, page: Page): Promise<ListedSkill[]>;
  count(filter: SkillFilter): Promise<number>;
  /** In the order of the ids. */
  listByIds(tenantId: string, ids: string[]): Promise<ListedSkill[]>;
  /** Active ones with a published version, by slug. */
  listPublished(tenantId: string): Promise<SkillRow[]>;
  /** Needs of active skills with a published version, by slug; a skill that needs nothing is left out. */
  listNeeds(tenantId: string): Promise<Pick<SkillRow, "id" | "slug" | "tool_ids">[]>;
  /** In alphabetical order. */
  categories(tenantId: string): Promise<string[]>;
  insert(rows: SkillRow[]): Promise<void>;
  update(skill: SkillKey, changes: Partial<Omit<SkillRow, "tenant_id" | "id">>): Promise<SkillRow>;
}

/** Rows written without letting anything else run: a few milliseconds. */
const batch = 100;

export function createSkillRows({ kysely }: Queryable): SkillRows {
  const all = (tenantId: string) => kysely.selectFrom("skills").where("tenant_id", "=", tenantId);
  const listed = () => kysely.selectFrom("skills").selectAll().select([assignedAgents, author]);

  return {
    find: async (tenantId, name) => {
      const found = await all(tenantId)
        .selectAll()
        .where((eb) => eb.or([eb("id", "=", name), eb("slug", "=", name)]))
        .execute();
      return found.find(({ id }) => id === name) ?? found[0];
    },
    findInstalled: (tenantId, listingRef) =>
      all(tenantId).selectAll().where("listing_ref", "=", listingRef).executeTakeFirst(),
    listBySlugs: async (tenantId, slugs) =>
      slugs.length === 0 ? [] : all(tenantId).selectAll().where("slug", "in", slugs).execute(),
    slugsFrom: async (tenantId, start) => {
      const found = await all(tenantId)
        .select("slug")
        .where((eb) => eb(eb.fn("substr", ["slug", sql.lit(1), eb.val([...start].length)]), "=", start))
        .execute();
      return found.map(({ slug }) => slug);
    },
    list: async (filter, { limit, offset }) =>
      withNumbers(
        await listed().where(matching(filter)).orderBy("slug").limit(limit).offset(offset).execute(),
      ),
    count: async (filter) => {
      const { count } = await kysely
        .selectFrom("skills")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .where(matching(filter))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    listByIds: async (tenantId, ids) => {
      if (ids.length === 0) return [];
      const rows = await listed().where("tenant_id", "=", tenantId).where("id", "in", ids).execute();
      const byId = new Map(withNumbers(rows).map((row) => [row.id, row]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    listPublished: (tenantId) =>
      all(tenantId)
        .selectAll()
        .where("status", "=", "active")
        .where("current_version", "is not", null)
        .orderBy("slug")
        .execute(),
    listNeeds: (tenantId) =>
      all(tenantId)
        .select(["id", "slug", "tool_ids"])
        .where("status", "=", "active")
        .where("current_version", "is not", null)
        .where("tool_ids", "!=", "[]")
        .orderBy("slug")
        .execute(),
    categories: async (tenantId) => {
      const rows = await all(tenantId).select("category").distinct().execute();
      return rows.flatMap(({ category }) => category ?? []).sort();
    },
    insert: async (rows) => {
      for (let at = 0; at < rows.length; at += batch) {
        await kysely
          .insertInto("skills")
          .values(rows.slice(at, at + batch))
          .execute();
        await setImmediate();
      }
    },
    update: ({ tenant_id, id }, changes) =>
      kysely
        .updateTable("skills")
        .set(changes)
        .where("tenant_id", "=", tenant_id)
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow(),
  };
}

/**
 * From here to the end of the transaction nobody else changes skills of the tenant. Answers with the time of the
 * change, which is later than that of every change before, whatever the clocks of the servers say.
 */
export async function holdSkills(transaction: Transaction, tenantId: string, now: number): Promise<number> {
  await transaction
    .updateTable("tenants")
    .set((eb) => ({ name: eb.ref("name") }))
    .where("id", "=", tenantId)
    .execute();
  const { last } = await transaction
    .selectFrom("skills")
    .where("tenant_id", "=", tenantId)
    .select((eb) => eb.fn.max("updated_at").as("last"))
    .executeTakeFirstOrThrow();
  return Math.max(now, Number(last ?? 0) + 1);
}

function matching({ tenantId, category, status, published, after }: SkillFilter) {
  return (eb: ExpressionBuilder<Tables, "skills">) =>
    eb.and([
      eb("tenant_id", "=", tenantId),
      ...(category === undefined ? [] : [eb("category", "=", category)]),
      ...(status === undefined ? [] : [eb("status", "=", status)]),
      ...(published ? [eb("current_version", "is not", null)] : []),
      ...(after === undefined ? [] : [eb("slug", ">", after)]),
    ]);
}

function assignedAgents(eb: ExpressionBuilder<Tables, "skills">) {
  return eb
    .selectFrom("skill_assignments as held")
    .whereRef("held.tenant_id", "=", "skills.tenant_id")
    .whereRef("held.skill_id", "=", "skills.id")
    .select((counted) => counted.fn.countAll<number>().as("count"))
    .$asScalar()
    .as("assigned_agents");
}

function author(eb: ExpressionBuilder<Tables, "skills">) {
  return eb
    .selectFrom("skill_versions")
    .whereRef("skill_versions.tenant_id", "=", "skills.tenant_id")
    .whereRef("skill_versions.skill_id", "=", "skills.id")
    .whereRef("skill_versions.version", "=", "skills.current_version")
    .select("author")
    .as("author");
}

const withNumbers = (
  rows: (Omit<ListedSkill, "assigned_agents"> & { assigned_agents: number | null })[],
): ListedSkill[] => rows.map((row) => ({ ...row, assigned_agents: Number(row.assigned_agents) }));

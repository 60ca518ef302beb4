import { newUuid } from "#core/ids.js";
import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import { toRows } from "#skills/registry/folder-rows.js";
import type { Database } from "#store/engine/database.js";
import type { AssignmentRow, SkillRow } from "#store/schema/skill-tables.js";
import { createSkillFileRows } from "#store/skill-file-rows.js";
import { createSkillRows, holdSkills } from "#store/skill-rows.js";
import { createSkillVersionRows } from "#store/skill-version-rows.js";

export interface NewSkill {
  slug: string;
  description: string;
  /** Lines of the front matter's `metadata`. */
  metadata?: string[];
  body?: string;
  /** Beside SKILL.md. */
  files?: { path: string; bytes: Buffer | string; executable?: boolean }[];
  version?: string;
  category?: string | null;
  status?: "active" | "archived";
}

/** Skills as they stand in the database once they are published: new ones, or a new version of old ones. */
export async function publishSkills(
  database: Database,
  tenantId: string,
  all: NewSkill[],
): Promise<string[]> {
  return database.kysely.transaction().execute(async (transaction) => {
    const tables = { kysely: transaction };
    const [skills, versions, files] = [
      createSkillRows(tables),
      createSkillVersionRows(tables),
      createSkillFileRows(tables),
    ];
    const now = await holdSkills(transaction, tenantId, Date.now());
    const known = new Map(
      (await skills.listBySlugs(tenantId, slugsOf(all))).map((row) => [row.slug, row.id]),
    );
    const rows = all.map((skill) => toSkillRow(tenantId, known.get(skill.slug) ?? newUuid(), skill, now));
    const folders = rows.map((row, at) =>
      toRows(row, { version: row.current_version!, notes: null, by: "somebody" }, toFolder(all[at]!), now),
    );
    await skills.insert(rows.filter(({ slug }) => !known.has(slug)));
    for (const row of rows.filter(({ slug }) => known.has(slug))) await skills.update(row, row);
    await versions.insert(folders.map(({ version }) => version));
    await files.insert(
      folders.flatMap((folder) => folder.files),
      folders.flatMap(({ blobs }) => blobs),
    );
    return rows.map(({ id }) => id);
  });
}

const slugsOf = (all: NewSkill[]) => (all.length > 100 ? [] : all.map(({ slug }) => slug));

export function skillMd({ slug, description, metadata = [], body = "Do it." }: NewSkill): string {
  const own = metadata.length > 0 ? ["metadata:", ...metadata.map((line) => `  ${line}`)] : [];
  return ["---", `name: ${slug}`, `description: ${description}`, ...own, "---", "", body, ""].join("\n");
}

function toFolder(skill: NewSkill): SkillFolder {
  const others = (skill.files ?? []).map(({ path, bytes, executable = false }) => ({
    path,
    bytes: Buffer.from(bytes as Buffer),
    executable,
  }));
  const main = { path: "SKILL.md", bytes: Buffer.from(skillMd(skill)), executable: false };
  const { folder, problems } = readSkillFolder(skill.slug, [main, ...others]);
  if (folder) return folder;
  throw new Error(`${skill.slug} is no skill: ${JSON.stringify(problems)}`);
}

function toSkillRow(tenantId: string, id: string, skill: NewSkill, now: number): SkillRow {
  return {
    tenant_id: tenantId,
    id,
    slug: skill.slug,
    name: skill.slug,
    description: skill.description,
    category: skill.category ?? null,
    tool_ids: "[]",
    config: "{}",
    status: skill.status ?? "active",
    source: "custom",
    listing_ref: null,
    listing_version: null,
    current_version: skill.version ?? "1.0.0",
    created_by: "somebody",
    created_at: now,
    updated_at: now,
  };
}

/** Gives an agent these skills. */
export async function assignSkills(
  { kysely }: Database,
  { tenantId, agentId }: { tenantId: string; agentId: string },
  assignments: Partial<AssignmentRow>[],
): Promise<void> {
  for (const assignment of assignments) {
    await kysely
      .insertInto("skill_assignments")
      .values({
        tenant_id: tenantId,
        id: newUuid(),
        skill_id: "",
        agent_id: agentId,
        pinned_version: null,
        enabled: 1,
        config: "{}",
        priority: 0,
        assigned_by: "somebody",
        assigned_at: Date.now(),
        ...assignment,
      })
      .execute();
  }
}

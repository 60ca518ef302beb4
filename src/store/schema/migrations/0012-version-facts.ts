import { type Kysely, sql } from "kysely";
import type { VersionFacts } from "#store/schema/skill-tables.js";

/** Reads what a SKILL.md says of itself; null when it cannot be read. `slug` is that of its skill. */
export type ReadFacts = (slug: string, skillMd: Buffer) => VersionFacts | null;

/** Facts of SKILL.md move to the row of its version; versions that exist are read once to fill them in. */
export async function up(db: Kysely<unknown>, readFacts: ReadFacts): Promise<void> {
  const table = () => db.schema.alterTable("skill_versions");
  for (const column of ["name", "description"])
    await table()
      .addColumn(column, "text", (c) => c.notNull().defaultTo(""))
      .execute();
  for (const column of ["category", "author", "metadata_version"])
    await table().addColumn(column, "text").execute();
  for (const [column, empty] of [
    ["tool_ids", "[]"],
    ["front_matter", "{}"],
  ] as const)
    await table()
      .addColumn(column, "text", (c) => c.notNull().defaultTo(empty))
      .execute();
  await fillIn(db, readFacts);
}

interface OldVersion {
  tenant_id: string;
  skill_id: string;
  version: string;
  slug: string;
  name: string;
  description: string;
  category: string | null;
  tool_ids: string;
  bytes: Uint8Array | null;
}

/** Rows read at once, each with its SKILL.md, which takes up to a megabyte. */
const batch = 20;

async function fillIn(db: Kysely<unknown>, readFacts: ReadFacts): Promise<void> {
  let last: Pick<OldVersion, "tenant_id" | "skill_id" | "version"> | undefined;
  do {
    const rows: OldVersion[] = await nextRows(db, last);
    for (const row of rows) await update(db, row, factsOf(row, readFacts));
    last = rows.at(-1);
  } while (last);
}

async function nextRows(
  db: Kysely<unknown>,
  after: Pick<OldVersion, "tenant_id" | "skill_id" | "version"> | undefined,
): Promise<OldVersion[]> {
  const { tenant_id = "", skill_id = "", version = "" } = after ?? {};
  const { rows } = await sql<OldVersion>`
    select v.tenant_id, v.skill_id, v.version, s.slug, s.name, s.description, s.category, s.tool_ids, b.bytes
    from skill_versions v
    join skills s on s.tenant_id = v.tenant_id and s.id = v.skill_id
    left join skill_files f on f.tenant_id = v.tenant_id and f.skill_id = v.skill_id and f.version = v.version
      and f.path in ('SKILL.md', 'skill.md')
    left join skill_blobs b on b.tenant_id = f.tenant_id and b.digest = f.digest
    where (v.tenant_id, v.skill_id, v.version) > (${tenant_id}, ${skill_id}, ${version})
    order by v.tenant_id, v.skill_id, v.version
    limit ${sql.lit(batch)}`.execute(db);
  return rows;
}

/** The server has to start whatever an old row holds: then its skill speaks for it. */
function factsOf(row: OldVersion, readFacts: ReadFacts): VersionFacts {
  const { slug, name, description, category, tool_ids, bytes } = row;
  const read = bytes && readFacts(slug, Buffer.from(bytes));
  const unknown = { author: null, metadata_version: null, front_matter: "{}" };
  return read ?? { name, description, category, tool_ids, ...unknown };
}

async function update(db: Kysely<unknown>, row: OldVersion, facts: VersionFacts): Promise<void> {
  await sql`update skill_versions set
      name = ${facts.name}, description = ${facts.description}, category = ${facts.category},
      tool_ids = ${facts.tool_ids}, author = ${facts.author}, metadata_version = ${facts.metadata_version},
      front_matter = ${facts.front_matter}
    where tenant_id = ${row.tenant_id} and skill_id = ${row.skill_id} and version = ${row.version}`.execute(
    db,
  );
}

import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import type { Queryable } from "#store/engine/database.js";
import type { SkillBlobRow, SkillFileRow } from "#store/schema/skill-tables.js";
import type { SkillKey } from "#store/skill-rows.js";
import { readVersions, type VersionKey } from "#store/version-keys.js";

/** A file with its bytes. */
export interface StoredFile extends SkillFileRow {
  bytes: Buffer;
}

export interface SkillFileRows {
  /** By path. */
  list(skill: SkillKey, version: string): Promise<SkillFileRow[]>;
  /** The files of one version each of many skills; in no particular order. */
  listOfVersions(tenantId: string, versions: VersionKey[]): Promise<SkillFileRow[]>;
  read(skill: SkillKey, version: string): Promise<StoredFile[]>;
  readOne(skill: SkillKey, version: string, path: string): Promise<StoredFile | undefined>;
  /** These files, each up to so many bytes of it; in no particular order. */
  readHeads(skill: SkillKey, version: string, paths: string[], bytes: number): Promise<StoredFile[]>;
  /** The bytes of SKILL.md, however it is spelled. */
  readSkillMd(skill: SkillKey, version: string): Promise<Buffer | undefined>;
  /** Bytes the tenant has already are kept once. */
  insert(files: SkillFileRow[], blobs: SkillBlobRow[]): Promise<void>;
  /** Puts all files under another version. */
  move(skill: SkillKey, from: string, to: string): Promise<void>;
  /** Answers with the digests of what was in them, for `sweep`. */
  delete(skill: SkillKey, version: string): Promise<string[]>;
  /** Deletes the bytes that no file has any more. */
  sweep(tenantId: string, digests: string[]): Promise<void>;
}

/** Rows of one statement: as many values as every engine takes at once. */
const batch = 1000;
/** Rows written without letting anything else run: a few milliseconds. */
const rowBatch = 250;
/** Bytes of one statement, so that none is larger than an engine likes. */
const batchBytes = 4 * 1024 * 1024;

export function createSkillFileRows({ kysely }: Queryable): SkillFileRows {
  const stored = (tenantId: string) =>
    kysely
      .selectFrom("skill_files")
      .innerJoin("skill_blobs", (join) =>
        join
          .onRef("skill_blobs.tenant_id", "=", "skill_files.tenant_id")
          .onRef("skill_blobs.digest", "=", "skill_files.digest"),
      )
      .selectAll("skill_files")
      .select("bytes")
      .where("skill_files.tenant_id", "=", tenantId);
  const of = ({ tenant_id, id }: SkillKey, version: string) =>
    stored(tenant_id).where("skill_id", "=", id).where("version", "=", version);

  return {
    list: ({ tenant_id, id }, version) =>
      kysely
        .selectFrom("skill_files")
        .selectAll()
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", id)
        .where("version", "=", version)
        .orderBy("path")
        .execute(),
    listOfVersions: (tenantId, versions) =>
      readVersions(versions, (some) =>
        kysely
          .selectFrom("skill_files")
          .selectAll()
          .where("tenant_id", "=", tenantId)
          .where((eb) => eb.or(some.map(({ skillId, version }) => eb.and({ skill_id: skillId, version }))))
          .execute(),
      ),
    read: async (skill, version) => {
      const found: StoredFile[] = [];
      const sizes = await of(skill, version)
        .clearSelect()
        .select(["path", "skill_files.size"])
        .orderBy("path")
        .execute();
      for (const some of bySize(sizes, ({ size }) => size)) {
        const paths = some.map(({ path }) => path);
        found.push(...(await of(skill, version).where("path", "in", paths).execute()).map(withBuffer));
        // Megabytes take their time: others are served between them.
        await setImmediate();
      }
      return found;
    },
    readOne: async (skill, version, path) => {
      const found = await of(skill, version).where("path", "=", path).executeTakeFirst();
      return found && withBuffer(found);
    },
    readHeads: async (skill, version, paths, bytes) => {
      const found: StoredFile[] = [];
      for (let at = 0; at < paths.length; at += batch) {
        const rows = await of(skill, version)
          .clearSelect()
          .selectAll("skill_files")
          .select((eb) => eb.fn<Buffer>("substr", ["bytes", sql.lit(1), sql.lit(bytes)]).as("bytes"))
          .where("path", "in", paths.slice(at, at + batch))
          .execute();
        found.push(...rows.map(withBuffer));
      }
      return found;
    },
    readSkillMd: async (skill, version) => {
      const found = await of(skill, version).where("path", "in", ["SKILL.md", "skill.md"]).executeTakeFirst();
      return found && withBuffer(found).bytes;
    },
    insert: async (files, blobs) => {
      for (const some of bySize(blobs, ({ bytes }) => bytes.length)) {
        await kysely
          .insertInto("skill_blobs")
          .values(some)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await setImmediate();
      }
      for (let at = 0; at < files.length; at += rowBatch) {
        await kysely
          .insertInto("skill_files")
          .values(files.slice(at, at + rowBatch))
          .execute();
        await setImmediate();
      }
    },
    move: async ({ tenant_id, id }, from, to) => {
      await kysely
        .updateTable("skill_files")
        .set({ version: to })
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", id)
        .where("version", "=", from)
        .execute();
    },
    delete: async ({ tenant_id, id }, version) => {
      const deleted = await kysely
        .deleteFrom("skill_files")
        .where("tenant_id", "=", tenant_id)
        .where("skill_id", "=", id)
        .where("version", "=", version)
        .returning("digest")
        .execute();
      return deleted.map(({ digest }) => digest);
    },
    sweep: async (tenantId, digests) => {
      for (let at = 0; at < digests.length; at += batch) {
        await kysely
          .deleteFrom("skill_blobs")
          .where("tenant_id", "=", tenantId)
          .where("digest", "in", digests.slice(at, at + batch))
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom("skill_files")
                  .select("path")
                  .whereRef("skill_files.tenant_id", "=", "skill_blobs.tenant_id")
                  .whereRef("skill_files.digest", "=", "skill_blobs.digest"),
              ),
            ),
          )
          .execute();
      }
    },
  };
}

function* bySize<Row>(rows: readonly Row[], sizeOf: (row: Row) => number): Generator<Row[]> {
  let some: Row[] = [];
  let size = 0;
  for (const row of rows) {
    const more = sizeOf(row);
    if (some.length > 0 && (some.length >= rowBatch || size + more > batchBytes)) {
      yield some;
      [some, size] = [[], 0];
    }
    some.push(row);
    size += more;
  }
  if (some.length > 0) yield some;
}

/** One engine gives a Buffer, the other may give plain bytes. */
function withBuffer(row: StoredFile): StoredFile {
  const { bytes } = row;
  return Buffer.isBuffer(bytes) ? row : { ...row, bytes: Buffer.from(bytes as Uint8Array) };
}

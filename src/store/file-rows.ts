import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { inSteps } from "#store/engine/steps.js";
import type { FileChunkRow, FileRow } from "#store/schema/file-tables.js";

/** The person who may have a file, through keys of the same agent, or through keys of none. */
export type FileOwner = Pick<FileRow, "tenant_id" | "profile_id" | "agent_id">;

export type FileKey = Pick<FileRow, "tenant_id" | "id">;

/** A file whose last chunk is written. */
export interface CompleteFile extends FileRow {
  sha256: string;
}

/** Files in chunks. One that is not complete, is over, or is another's is not found. */
export interface FileRows {
  /** Reserves room for a file; false when its person would have more than `maxBytes` then. */
  begin(row: FileRow, maxBytes: number): Promise<boolean>;
  addChunk(chunk: FileChunkRow): Promise<void>;
  /** From here on it is found. */
  complete(key: FileKey, facts: Pick<FileRow, "size" | "sha256" | "expires_at">): Promise<void>;
  find(owner: FileOwner, ids: readonly string[], now: number): Promise<CompleteFile[]>;
  /** The newest first, those before the file `before`. */
  list(
    owner: FileOwner,
    page: { before: string | undefined; limit: number },
    now: number,
  ): Promise<CompleteFile[]>;
  /** The box of a chunk; undefined after the last one. */
  chunk(key: FileKey, number: number): Promise<string | undefined>;
  /** Nobody finds it any more; then its chunks go, a few at a time. */
  delete(key: FileKey): Promise<void>;
  deleteExpired(now: number, signal?: AbortSignal): Promise<number>;
}

/** Four megabytes: more at a time would hold up others on SQLite. */
const stepChunks = 16;

export function createFileRows(database: Database): FileRows {
  const { kysely } = database;
  const ofOwner = ({ tenant_id, profile_id, agent_id }: FileOwner, now: number) =>
    kysely
      .selectFrom("files")
      .selectAll()
      .where("tenant_id", "=", tenant_id)
      .where("profile_id", "=", profile_id)
      .where("agent_id", agent_id === null ? "is" : "=", agent_id)
      .where("sha256", "is not", null)
      .where("expires_at", ">", now)
      .$narrowType<{ sha256: string }>();

  return {
    begin: (row, maxBytes) =>
      database.locked(`files of ${row.profile_id}`, async () => {
        const { bytes } = await kysely
          .selectFrom("files")
          .select((eb) => eb.fn.coalesce(eb.fn.sum<number | string>("size"), sql.lit(0)).as("bytes"))
          .where("tenant_id", "=", row.tenant_id)
          .where("profile_id", "=", row.profile_id)
          .where("expires_at", ">", row.created_at)
          .executeTakeFirstOrThrow();
        if (Number(bytes) + row.size > maxBytes) return false;
        await kysely.insertInto("files").values(row).execute();
        return true;
      }),
    addChunk: async (chunk) => {
      await kysely.insertInto("file_chunks").values(chunk).execute();
    },
    complete: async ({ tenant_id, id }, facts) => {
      await kysely
        .updateTable("files")
        .set(facts)
        .where((eb) => eb.and({ tenant_id, id }))
        .execute();
    },
    find: async (owner, ids, now) =>
      ids.length === 0
        ? []
        : ofOwner(owner, now)
            .where("id", "in", [...ids])
            .execute(),
    list: (owner, { before, limit }, now) => {
      const newest = ofOwner(owner, now).orderBy("id", "desc").limit(limit);
      return (before === undefined ? newest : newest.where("id", "<", before)).execute();
    },
    async chunk({ tenant_id, id }, number) {
      const row = await kysely
        .selectFrom("file_chunks")
        .select("box")
        .where((eb) => eb.and({ tenant_id, file_id: id, number }))
        .executeTakeFirst();
      return row?.box;
    },
    async delete({ tenant_id, id }) {
      await kysely
        .updateTable("files")
        .set({ expires_at: 0 })
        .where((eb) => eb.and({ tenant_id, id }))
        .execute();
      await inSteps(() => deleteSome({ tenant_id, id }));
    },
    deleteExpired: (now, signal) =>
      inSteps(async () => {
        const file = await kysely
          .selectFrom("files")
          .select(["tenant_id", "id"])
          .where("expires_at", "<=", now)
          .limit(1)
          .executeTakeFirst();
        return file ? await deleteSome(file) : 0;
      }, signal),
  };

  /** Deletes some chunks of a file that nobody finds any more, or the file when it has none left. */
  async function deleteSome({ tenant_id, id }: FileKey): Promise<number> {
    const chunks = await kysely
      .deleteFrom("file_chunks")
      .where((eb) => eb.and({ tenant_id, file_id: id }))
      .where("number", "in", (eb) =>
        eb
          .selectFrom("file_chunks")
          .select("number")
          .where((inner) => inner.and({ tenant_id, file_id: id }))
          .limit(sql.lit(stepChunks)),
      )
      .executeTakeFirst();
    if (chunks.numDeletedRows > 0n) return Number(chunks.numDeletedRows);
    const file = await kysely
      .deleteFrom("files")
      .where((eb) => eb.and({ tenant_id, id }))
      .executeTakeFirst();
    return Number(file.numDeletedRows);
  }
}

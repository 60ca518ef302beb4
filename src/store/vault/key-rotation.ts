import { badRequest, SkillettError } from "#core/errors.js";
import type { Database } from "#store/engine/database.js";
import { createSealedBoxes, type StoredBox } from "#store/vault/sealed-boxes.js";
import { type SealedColumn, sealedColumns } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

/** Boxes looked at in one step. */
const stepBoxes = 500;
/** A process that has not heard of the new key yet may still seal with the old one; it hears within minutes. */
const keepRetiredMs = 24 * 3_600_000;

/**
 * Seals everything anew under a new data key while the server works, a few hundred boxes a step. Each
 * step is durable: a rotation that is interrupted goes on where it stopped.
 */
export interface KeyRotation {
  /**
   * @param rotation `rotation` of the step before. Left out, it goes on with one that was not finished, or
   *   begins one.
   */
  step(rotation?: string): Promise<RotationStep>;
}

export interface RotationStep {
  /** Id of the new data key. */
  rotation: string;
  /** Boxes sealed anew by this step. */
  resealed: number;
  /** Boxes still to be done; at 0 it is finished. */
  remaining: number;
  /** Boxes this step found that do not open, left as they are. */
  broken: number;
}

interface Deps {
  database: Database;
  vault: Vault;
  clock: () => number;
}

export function createKeyRotation({ database, vault, clock }: Deps): KeyRotation {
  const { kysely } = database;
  const boxes = createSealedBoxes(database);

  return {
    step: (rotation) =>
      database.locked("key rotation", async () => {
        await vault.reload();
        const target = await keyOf(rotation);
        const { resealed, broken } = await resealSome(target);
        const left = await sum((column) => boxes.countNotUnder(column, target));
        const remaining = Math.max(0, left - broken);
        if (remaining === 0) await finish(target);
        return { rotation: target, resealed, remaining, broken };
      }),
  };

  async function keyOf(rotation: string | undefined): Promise<string> {
    const keys = await kysely
      .selectFrom("data_keys")
      .select(["id", "retired_at"])
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    const newest = keys.at(-1)!.id;
    if (rotation === undefined) {
      const unfinished = keys.some(({ id, retired_at }) => id !== newest && retired_at === null);
      return unfinished ? newest : vault.addKey(clock());
    }
    if (!keys.some(({ id }) => id === rotation)) throw unknownRotation();
    if (rotation !== newest) throw laterRotation();
    return newest;
  }

  async function resealSome(target: string): Promise<{ resealed: number; broken: number }> {
    const done = { resealed: 0, broken: 0 };
    for (const column of sealedColumns) {
      let page = await boxes.notUnder(column, target, undefined);
      while (page.length > 0) {
        const opened = await openAll(column, page);
        done.broken += page.length - opened.length;
        done.resealed += await boxes.replace(column, opened);
        if (done.resealed >= stepBoxes) return done;
        page = await boxes.notUnder(column, target, page.at(-1)!.key);
      }
    }
    return done;
  }

  /** Those that open, sealed anew. */
  async function openAll(column: SealedColumn, page: StoredBox[]) {
    const opened = await Promise.all(
      page.map(async (old) => {
        const row = column.row(...old.key);
        const plaintext = await vault.openBytes(old.box, row).catch(() => undefined);
        return plaintext === undefined ? [] : [{ old, box: vault.seal(plaintext, row) }];
      }),
    );
    return opened.flat();
  }

  /** Nothing is under the older keys any more: those that have long been so are deleted, the others retired. */
  async function finish(target: string): Promise<void> {
    const retired = await kysely
      .selectFrom("data_keys")
      .select("id")
      .where("id", "!=", target)
      .where("retired_at", "<", clock() - keepRetiredMs)
      .execute();
    for (const { id } of retired) {
      const used = await sum(async (column) => Number(await boxes.isUsed(column, id)));
      if (used === 0) await kysely.deleteFrom("data_keys").where("id", "=", id).execute();
    }
    await kysely
      .updateTable("data_keys")
      .set({ retired_at: clock() })
      .where("id", "!=", target)
      .where("retired_at", "is", null)
      .execute();
  }
}

async function sum(count: (column: SealedColumn) => Promise<number>): Promise<number> {
  const counts = await Promise.all(sealedColumns.map(count));
  return counts.reduce((total, one) => total + one, 0);
}

function unknownRotation(): SkillettError {
  return badRequest([
    {
      at: "rotation",
      message: "No rotation has this id. Leave it out to go on with the one under way, or to begin one.",
    },
  ]);
}

function laterRotation(): SkillettError {
  return new SkillettError("conflict", {
    message:
      "A later rotation has begun since, and seals everything anew. Leave out `rotation` to go on with that one.",
  });
}

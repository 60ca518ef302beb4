import { sql } from "kysely";
import type { Database } from "#store/engine/database.js";
import { deleteInSteps } from "#store/engine/steps.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

export interface Artifact {
  /** The fields that the authorization server keeps of it. SECRET. */
  payload: Record<string, unknown>;
  consumedAt: number | null;
}

export interface NewArtifact {
  kind: string;
  /** SHA-256 of what names it. */
  id: string;
  grantId: string | null;
  payload: Record<string, unknown>;
  /** ms since the epoch; null lasts. */
  expiresAt: number | null;
}

/** Codes, tokens and clients that the authorization server keeps between two requests. Each is only found as its kind. */
export interface OAuthArtifactRows {
  find(kind: string, id: string, now: number): Promise<Artifact | undefined>;
  /** Puts it in the place of what has its id; whether that was used stays as it is. */
  save(artifact: NewArtifact, now: number): Promise<void>;
  /** Uses it up; answers false when it was used already, or is gone. Of two at once, one does it. */
  consume(kind: string, id: string, now: number): Promise<boolean>;
  /** It lasts from now on. */
  keep(kind: string, id: string): Promise<void>;
  delete(kind: string, id: string): Promise<void>;
  deleteOfGrant(kind: string, grantId: string): Promise<void>;
  deleteExpired(now: number, signal?: AbortSignal): Promise<number>;
}

export function createOAuthArtifactRows(database: Database, vault: Vault): OAuthArtifactRows {
  const { kysely } = database;
  return {
    async find(kind, id, now) {
      const row = await kysely
        .selectFrom("oauth_artifacts")
        .select(["box", "consumed_at"])
        .where("id", "=", id)
        .where("kind", "=", kind)
        .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
        .executeTakeFirst();
      if (!row) return undefined;
      const payload = JSON.parse(await vault.open(row.box, sealedRow.oauthArtifact(id)));
      return { payload, consumedAt: row.consumed_at };
    },
    async save({ kind, id, grantId, payload, expiresAt }, now) {
      const box = vault.seal(JSON.stringify(payload), sealedRow.oauthArtifact(id));
      await kysely
        .insertInto("oauth_artifacts")
        .values({
          id,
          kind,
          grant_id: grantId,
          box,
          consumed_at: null,
          expires_at: expiresAt,
          created_at: now,
        })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ box, expires_at: expiresAt }))
        .execute();
    },
    async consume(kind, id, now) {
      const { numUpdatedRows } = await kysely
        .updateTable("oauth_artifacts")
        .set({ consumed_at: now })
        .where("id", "=", id)
        .where("kind", "=", kind)
        .where("consumed_at", "is", null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async keep(kind, id) {
      await kysely
        .updateTable("oauth_artifacts")
        .set({ expires_at: null })
        .where("id", "=", id)
        .where("kind", "=", kind)
        .execute();
    },
    async delete(kind, id) {
      await kysely.deleteFrom("oauth_artifacts").where("id", "=", id).where("kind", "=", kind).execute();
    },
    async deleteOfGrant(kind, grantId) {
      await kysely
        .deleteFrom("oauth_artifacts")
        .where("grant_id", "=", grantId)
        .where("kind", "=", kind)
        .execute();
    },
    deleteExpired: (now, signal) =>
      deleteInSteps(database, { table: "oauth_artifacts", where: sql`expires_at <= ${now}` }, signal),
  };
}

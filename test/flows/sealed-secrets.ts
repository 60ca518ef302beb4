import { sql } from "kysely";
import { expect } from "vitest";
import { newId, newUuid } from "#core/ids.js";
import type { Database } from "#store/engine/database.js";
import type { ConnectAttemptRow, ConnectionRow, IdempotencyRow } from "#store/schema/tables.js";
import { sealedColumns, sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

/** Secrets as they lie in the store, of one person. */

export const person = { tenantId: newUuid(), profileId: newUuid() };
const { tenantId: tenant_id, profileId: profile_id } = person;

export interface Sealed {
  database: Database;
  vault: Vault;
}

export const credentialRow = (id: string) => sealedRow.credential(tenant_id, id);

/** Connections with a credential each: what was sealed, by connection. */
export async function addCredentials(
  { database: { kysely }, vault }: Sealed,
  count: number,
): Promise<Map<string, string>> {
  const secrets = new Map(
    Array.from({ length: count }, () => newId("conn")).map((id) => [id, `secret of ${id}`]),
  );
  const all = [...secrets];
  for (let at = 0; at < all.length; at += 100) {
    const some = all.slice(at, at + 100);
    await kysely
      .insertInto("connections")
      .values(some.map(([id]) => connection(id)))
      .execute();
    const credentials = some.map(([id, secret]) => ({
      tenant_id,
      connection_id: id,
      box: vault.seal(secret, credentialRow(id)),
      updated_at: 1,
    }));
    await kysely.insertInto("credentials").values(credentials).execute();
  }
  return secrets;
}

/** Writes new credentials for some connections, one after the other. */
export async function renewSome({ database, vault }: Sealed, secrets: Map<string, string>): Promise<void> {
  for (const id of [...secrets.keys()].filter((_, at) => at % 20 === 0)) {
    await writeBox(database, id, vault.seal(`renewed ${id}`, credentialRow(id)));
    secrets.set(id, `renewed ${id}`);
  }
}

export async function writeBox({ kysely }: Database, id: string, box: string): Promise<void> {
  await kysely.updateTable("credentials").set({ box }).where("connection_id", "=", id).execute();
}

/** By connection. */
export async function readBoxes({ kysely }: Database): Promise<Map<string, string>> {
  const rows = await kysely.selectFrom("credentials").select(["connection_id", "box"]).execute();
  return new Map(rows.map(({ connection_id, box }) => [connection_id, box]));
}

/** Every credential opens to what was sealed, and is under the data key `keyId`. */
export async function expectAllOpen(
  { database, vault }: Sealed,
  secrets: Map<string, string>,
  keyId: string,
): Promise<void> {
  const boxes = await readBoxes(database);
  for (const [id, secret] of secrets) {
    const box = boxes.get(id)!;
    expect(box.split(".")[0], id).toBe(keyId);
    expect(await vault.open(box, credentialRow(id))).toBe(secret);
  }
}

const others = 12;

/** Everything else that is sealed, and one answer that is not there; tells how many boxes these are. */
export async function addOtherSecrets({ database: { kysely }, vault }: Sealed): Promise<number> {
  for (let at = 0; at < others; at++) {
    const kept = sealedRow.idempotencyKey(tenant_id, profile_id, `hash ${at}`);
    const attempt = sealedRow.connectAttempt(tenant_id, `conn_${at}`);
    const client = sealedRow.providerClient(`provider-${at}`);
    await kysely
      .insertInto("idempotency_keys")
      .values(keptAnswer(`hash ${at}`, vault.seal(kept, kept)))
      .execute();
    await kysely
      .insertInto("connect_attempts")
      .values(connectAttempt(`conn_${at}`, vault.seal(attempt, attempt)))
      .execute();
    await kysely
      .insertInto("provider_clients")
      .values({ provider: `provider-${at}`, client_id: "id", box: vault.seal(client, client), updated_at: 1 })
      .execute();
    const id = String(at);
    const [result, source] = [sealedRow.result(tenant_id, id), sealedRow.listingSource(tenant_id, id)];
    const [secret, artifact] = [sealedRow.serverSecret(id), sealedRow.oauthArtifact(id)];
    const made = { created_at: 1 };
    await kysely
      .insertInto("results")
      .values({ tenant_id, id, profile_id, box: vault.seal(result, result), expires_at: 2, ...made })
      .execute();
    await kysely
      .insertInto("listing_sources")
      .values({
        ...{ tenant_id, name: id, box: vault.seal(source, source) },
        ...{ created_by: profile_id, refreshed_at: 1, ...made },
      })
      .execute();
    await kysely
      .insertInto("server_secrets")
      .values({ name: id, box: vault.seal(secret, secret), ...made })
      .execute();
    await kysely
      .insertInto("oauth_artifacts")
      .values({ id, kind: "AccessToken", box: vault.seal(artifact, artifact), ...made })
      .execute();
  }
  await kysely.insertInto("idempotency_keys").values(keptAnswer("unfinished", null)).execute();
  return 7 * others;
}

/** Each of them was sealed with its row's name inside; tells how many are under the data key `keyId`. */
export async function countOtherSecrets(
  { database: { kysely }, vault }: Sealed,
  keyId: string,
): Promise<number> {
  let count = 0;
  for (const { table, column, key, row } of sealedColumns.filter(({ table }) => table !== "credentials")) {
    const { rows } = await sql<Record<string, string>>`select * from ${sql.table(table)}`.execute(kysely);
    for (const found of rows.filter((it) => it[column]?.startsWith(`${keyId}.`))) {
      const name = row(...key.map((part) => found[part]!));
      expect(await vault.open(found[column]!, name)).toBe(name);
      count++;
    }
  }
  return count;
}

function connection(id: string): ConnectionRow {
  return {
    tenant_id,
    id,
    profile_id,
    integration: "github",
    auth_method: "token",
    account_id: id,
    account: id,
    status: "connected",
    is_default: 0,
    is_shared: 0,
    scopes: "[]",
    settings: "{}",
    last_used_at: null,
    created_at: 1,
  };
}

function keptAnswer(key_hash: string, answer: string | null): IdempotencyRow {
  return { tenant_id, profile_id, key_hash, fingerprint: "", call_id: key_hash, answer, created_at: 1 };
}

function connectAttempt(id: string, box: string): ConnectAttemptRow {
  return {
    tenant_id,
    id,
    profile_id,
    integration: "github",
    auth_method: "oauth2",
    status: "pending",
    scopes: "[]",
    settings: "{}",
    is_shared: 0,
    reconnects: null,
    agent_id: null,
    box,
    connection_id: null,
    account: null,
    error: null,
    expires_at: 2,
    created_at: 1,
  };
}

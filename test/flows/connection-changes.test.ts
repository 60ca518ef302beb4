import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ConnectionRows, createConnectionRows } from "#store/connection-rows.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import type { ConnectionRow } from "#store/schema/tables.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";

onEachEngine("changes of one connection", (engine) => {
  const directory = mkdtempSync(path.join(tmpdir(), "skillett-connections-"));
  let postgres: Awaited<ReturnType<typeof usePostgres>>;
  let database: Database;
  let connections: ConnectionRows;
  let row: ConnectionRow;
  beforeAll(async () => {
    postgres = engine === "postgres" ? await usePostgres() : undefined;
    database = await openDatabase({ url: postgres?.url, directory });
    await migrate(database);
    connections = createConnectionRows(database);
    const { tenantId, profileId } = await insertPerson(database, "ada");
    row = {
      ...{ tenant_id: tenantId, profile_id: profileId, id: "conn_1" },
      ...{ integration: "github", auth_method: "oauth2", account_id: "1", account: "octocat" },
      ...{
        status: "connected",
        is_default: 1,
        is_shared: 0,
        scopes: "",
        settings: "{}",
        last_used_at: null,
        created_at: 1,
      },
    };
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const save = (box: string) =>
    connections.save({ row, seal: () => box, renewAt: null, mayReplace: "any" }, null);
  const storedBox = async () => (await connections.credential(row))?.box ?? "none";
  const renew = async (box: string, at: number) =>
    connections.renew(row, await storedBox(), { box, renew_at: null, scopes: `scope${at}`, now: at });

  it("renewals, new sign-ins, refusals and disconnecting at once never wait for each other for ever", async () => {
    const changes: Promise<unknown>[] = [];
    for (let at = 0; at < 40; at++) {
      changes.push(save(`saved ${at}`), renew(`renewed ${at}`, at), renew(`renewed again ${at}`, at));
      changes.push(storedBox().then((box) => connections.endCredential(row, box)));
      if (at % 10 === 9) changes.push(connections.disconnect(row));
      if (at % 4 === 3) await Promise.all(changes.splice(0));
    }
    await save("the last");
    expect(await storedBox()).toBe("the last");
    expect(await renew("its renewal", 41)).toBe(true);
    expect(
      await connections.renew(row, "the last", { box: "late", renew_at: null, scopes: "x", now: 1 }),
    ).toBe(false);
    expect(await storedBox()).toBe("its renewal");
  });
});

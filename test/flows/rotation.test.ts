import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { createKeyRotation, type RotationStep } from "#store/vault/key-rotation.js";
import { openVault, type Vault } from "#store/vault/vault.js";
import { createCleanup } from "#support/cleanup.js";
import { usePostgres } from "#support/postgres.js";
import { onEachEngine } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";
import {
  addCredentials,
  addOtherSecrets,
  countOtherSecrets,
  credentialRow,
  expectAllOpen,
  person,
  readBoxes,
  renewSome,
  type Sealed,
  writeBox,
} from "./sealed-secrets.js";

/** New keys while the store works: whatever happens in between, everything that was sealed opens. */

const masterKey = randomBytes(32);
const dayMs = 24 * 3_600_000;

interface Store extends Sealed {
  step(rotation?: string): Promise<RotationStep>;
}

let cleanup = createCleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = createCleanup();
});

onEachEngine("the rotation of the data key", (engine) => {
  let url: string | undefined;
  let directory: string;
  let now: number;
  let store: Store;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "skillett-rotation-"));
    cleanup.add(() => rm(directory, { recursive: true }));
    const postgres = engine === "postgres" ? await usePostgres() : undefined;
    if (postgres) cleanup.add(postgres.drop);
    url = postgres?.url;
    now = Date.now();
    store = await open();
    await insertPerson(store.database, "ada", person);
  });

  const open = () => openStore({ url, directory }, () => now);

  it("every secret opens after a rotation in steps, interrupted, resumed, with other writes meanwhile", async () => {
    const secrets = await addCredentials(store, 1_100);
    const others = await addOtherSecrets(store);
    const first = await store.step();
    expect(first).toMatchObject({ resealed: 500, remaining: 1_100 + others - 500, broken: 0 });

    await store.database.close();
    store = await open();
    const steps: RotationStep[] = [];
    const writes = renewSome(store, secrets);
    for (let remaining = 1; remaining > 0; remaining = steps.at(-1)!.remaining) {
      steps.push(await store.step(steps.at(-1)?.rotation));
      for (const [id, secret] of await addCredentials(store, 3)) secrets.set(id, secret);
    }
    await writes;

    expect(new Set(steps.map(({ rotation }) => rotation))).toEqual(new Set([first.rotation]));
    expect(steps.at(-1)).toMatchObject({ remaining: 0, broken: 0 });
    await expectAllOpen(store, secrets, first.rotation);
    expect(await countOtherSecrets(store, first.rotation)).toBe(others);
    expect(await retirements(store)).toEqual([now, null]);
    // One that starts later knows it all as well.
    await store.database.close();
    store = await open();
    await expectAllOpen(store, secrets, first.rotation);
  });

  it("a rotation leaves alone what is written in the moment it is sealed anew", async () => {
    const [[id]] = [...(await addCredentials(store, 1))] as [[string, string]];
    const { database, vault } = store;
    const beaten: Vault = {
      ...vault,
      async openBytes(box, row) {
        const plaintext = await vault.openBytes(box, row);
        await writeBox(database, id, vault.seal("written meanwhile", row));
        return plaintext;
      },
    };
    const { rotation, ...rest } = await createKeyRotation({
      database,
      vault: beaten,
      clock: () => now,
    }).step();
    expect(rest).toEqual({ resealed: 0, remaining: 0, broken: 0 });
    await expectAllOpen(store, new Map([[id, "written meanwhile"]]), rotation);
  });

  it("a rotation passes over boxes that do not open, and leaves them as they are", async () => {
    const secrets = await addCredentials(store, 120);
    const [moved, garbage, keyless] = [...secrets.keys()] as [string, string, string];
    const bad = new Map([
      [moved, store.vault.seal("moved", credentialRow("another"))],
      [garbage, "garbage"],
      [keyless, "dk_0.AAAA"],
    ]);
    for (const [id, box] of bad) await writeBox(store.database, id, box);

    const { rotation, ...rest } = await store.step();
    expect(rest).toEqual({ resealed: 117, remaining: 0, broken: 3 });
    const boxes = await readBoxes(store.database);
    for (const [id, box] of bad) {
      expect(boxes.get(id)).toBe(box);
      secrets.delete(id);
    }
    await expectAllOpen(store, secrets, rotation);
    // The next one finds what has been repaired, and the key of the moved box is still there.
    await writeBox(store.database, garbage, store.vault.seal("repaired", credentialRow(garbage)));
    now += 3 * dayMs;
    expect(await store.step()).toMatchObject({ resealed: 118, remaining: 0, broken: 2 });
    expect(await retirements(store)).toHaveLength(3);
  });

  it("a rotation that is unknown, or not the last, is refused", async () => {
    const { rotation } = await store.step();
    expect(await store.step(rotation)).toEqual({ rotation, resealed: 0, remaining: 0, broken: 0 });
    const { rotation: later } = await store.step();
    expect(later).not.toBe(rotation);
    await expect(store.step(rotation)).rejects.toMatchObject({ code: "conflict" });
    await expect(store.step("dk_none")).rejects.toMatchObject({
      code: "bad_request",
      issues: [{ at: "rotation" }],
    });
  });

  it("a rotation deletes an old key a day after it was retired, when nothing is under it", async () => {
    const secrets = await addCredentials(store, 3);
    const { rotation: second } = await store.step();
    now += dayMs;
    await store.step();
    expect(await retirements(store)).toEqual([now - dayMs, now, null]);
    now += 1;
    const { rotation: fourth } = await store.step();
    expect(await keyIds(store)).toEqual([second, expect.any(String), fourth]);
    await expectAllOpen(store, secrets, fourth);
  });

  it("a rotation that two ask for does each box once", async () => {
    const secrets = await addCredentials(store, 900);
    const other = engine === "postgres" ? await open() : store;
    const steps = await Promise.all([store.step(), other.step()]);
    expect(steps.map(({ resealed }) => resealed).sort()).toEqual([400, 500]);
    expect(new Set(steps.map(({ rotation }) => rotation)).size).toBe(1);
    await expectAllOpen(store, secrets, steps[0].rotation);
  });

  it("a new master key opens everything with the old one beside it, and then alone", async () => {
    const secrets = await addCredentials(store, 20);
    const { rotation } = await store.step();
    await store.database.close();
    const newMasterKey = randomBytes(32);
    const keys = { url, directory, masterKey: newMasterKey };
    store = await openStore({ ...keys, oldMasterKey: masterKey }, () => now);
    await expectAllOpen(store, secrets, rotation);
    await store.database.close();
    await expect(openStore({ url, directory }, () => now)).rejects.toThrow("SKILLETT_OLD_MASTER_KEY");
    store = await openStore(keys, () => now);
    await expectAllOpen(store, secrets, rotation);
    expect(await store.step()).toMatchObject({ resealed: 20, remaining: 0 });
  });

  if (engine === "postgres") {
    it("a new data key is learned by the other servers without a restart", async () => {
      const other = await open();
      const secrets = await addCredentials(store, 10);
      const { rotation } = await store.step();
      await expectAllOpen(other, secrets, rotation);
      // One that has not heard of a key seals with the old one; the next rotation finds it.
      const { rotation: next } = await store.step();
      const [late] = await addCredentials(other, 1);
      expect((await readBoxes(other.database)).get(late![0])).toMatch(new RegExp(`^${rotation}\\.`));
      secrets.set(...late!);
      expect(await other.step(next)).toMatchObject({ resealed: 1, remaining: 0 });
      await expectAllOpen(store, secrets, next);
    });

    it("servers that start at the same time with a new master key all open what is sealed", async () => {
      const secrets = await addCredentials(store, 5);
      const keys = { url, directory, masterKey: randomBytes(32), oldMasterKey: masterKey };
      const stores = await Promise.all([1, 2, 3].map(() => openStore(keys, () => now)));
      const { rotation } = await stores[0]!.step();
      for (const one of stores) await expectAllOpen(one, secrets, rotation);
    });
  }
});

interface Opening {
  url: string | undefined;
  directory: string;
  masterKey?: Buffer;
  oldMasterKey?: Buffer;
}

/** As a server does at its start. */
async function openStore(
  { url, directory, masterKey: key = masterKey, oldMasterKey }: Opening,
  clock: () => number,
): Promise<Store> {
  const database = await openDatabase({ url, directory });
  cleanup.add(() => database.close());
  const prepare = async () => {
    await migrate(database);
    return openVault(database, { masterKey: key, oldMasterKey }, clock());
  };
  const vault = await database.exclusively(prepare).catch(async (error) => {
    await database.close();
    throw error;
  });
  return { database, vault, step: createKeyRotation({ database, vault, clock }).step };
}

/** When each data key was retired, from the oldest to the newest. */
async function retirements({ database: { kysely } }: Store): Promise<(number | null)[]> {
  const keys = await kysely.selectFrom("data_keys").select("retired_at").orderBy("created_at").execute();
  return keys.map(({ retired_at }) => retired_at);
}

async function keyIds({ database: { kysely } }: Store): Promise<string[]> {
  const keys = await kysely.selectFrom("data_keys").select("id").orderBy("created_at").execute();
  return keys.map(({ id }) => id);
}

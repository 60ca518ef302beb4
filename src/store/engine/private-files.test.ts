import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSqlite } from "#store/engine/sqlite.js";
import { migrate } from "#store/migrate.js";
import { masterKeyFile } from "#store/vault/master-key.js";

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe.skipIf(process.platform === "win32")("the data folder", () => {
  let parent: string;
  let folder: string;
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0);
    parent = mkdtempSync(path.join(tmpdir(), "skillett-test-"));
    folder = path.join(parent, "data");
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(parent, { recursive: true, force: true });
  });

  /** Opens a database and writes to it; gives the modes of all there is while it is open. */
  async function modes(told: string[] = []): Promise<Record<string, string>> {
    const database = openSqlite(folder, (text) => told.push(text));
    try {
      await migrate(database);
      masterKeyFile(folder, false);
      return Object.fromEntries(
        [".", ...readdirSync(folder)].map((name) => [name, modeOf(path.join(folder, name))]),
      );
    } finally {
      await database.close();
    }
  }

  const everything = {
    ".": "700",
    "master.key": "600",
    "server.lock": "600",
    "skillett.db": "600",
    "skillett.db-shm": "600",
    "skillett.db-wal": "600",
  };

  test("the data folder is its owner's alone, whatever the umask", async () => {
    expect(await modes()).toMatchObject(everything);
  });

  test("the data folder becomes private when an earlier version, or somebody, has left it open", async () => {
    await modes();
    chmodSync(folder, 0o755);
    for (const name of readdirSync(folder)) chmodSync(path.join(folder, name), 0o644);
    writeFileSync(path.join(folder, "skillett.db.backup"), "", { mode: 0o644 });
    expect(await modes()).toMatchObject({ ...everything, "skillett.db.backup": "600" });
  });

  test("a data folder with files of others stays open, which is reported, and its own files are private", async () => {
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(path.join(folder, "report.txt"), "", { mode: 0o644 });
    const told: string[] = [];
    expect(await modes(told)).toMatchObject({ ...everything, ".": "755", "report.txt": "644" });
    expect(told).toEqual([expect.stringMatching(/mode 0755.*chmod 0700/)]);
  });
});

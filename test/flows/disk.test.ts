import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { startGithub } from "#support/github-stand-in.js";
import { startSkillett } from "#support/skillett.js";
import { program, runCommand, runSkillett } from "./program.js";

/** A disk that takes nothing more is told in words: at the start, by `/ready`, and by every call. */

let cleanup = createCleanup();
afterEach(async () => {
  await cleanup.run();
  cleanup = createCleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "skillett-disk-"));
  cleanup.add(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Only root may mount. Where it may not, what needs a disk of its own is skipped. */
const mayMount = ((): boolean => {
  const folder = mkdtempSync(path.join(tmpdir(), "skillett-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

/** A disk of this size. */
function mounted(size: string): string {
  const folder = newFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  cleanup.add(async () => void execFileSync("umount", ["-l", folder]));
  return folder;
}

const env = () => {
  const home = newFolder();
  return { HOME: home, SKILLETT_CONFIG_FILE: path.join(home, "config.json") };
};
const up = (data: string) => runSkillett(["up", "--port", "0", "--data", data], { env: env() });

function expectSentence({ code, stdout, stderr }: Awaited<ReturnType<typeof up>>, sentence: string | RegExp) {
  expect(code, stderr).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/\n\s+at |Error:|node_modules/);
  expect(stderr.trim().split("\n")).toHaveLength(1);
}

describe("a data folder that cannot be used", () => {
  it("a data folder that is a file stops the start with one sentence", async () => {
    const file = path.join(newFolder(), "data");
    writeFileSync(file, "");
    expectSentence(await up(file), /data cannot be used: it is a file\. Name a folder/);
    expectSentence(await up(path.join(file, "below")), /below cannot be used: .*data is a file/);
  });

  it("a database that is damaged stops the start with one sentence", async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, "skillett.db"), "this is no database ".repeat(100));
    expectSentence(await up(folder), /cannot be used: its file is damaged/);
  });

  it.skipIf(!mayMount)("a read-only data folder stops the start with one sentence", async () => {
    const folder = mounted("16m");
    const used = path.join(folder, "used");
    mkdirSync(used);
    writeFileSync(path.join(used, "skillett.db"), "");
    execFileSync("mount", ["-o", "remount,ro", folder]);
    for (const data of [folder, used, path.join(folder, "new")])
      expectSentence(await up(data), /cannot be used: it is read-only\. Name another/);
  });

  it.skipIf(!mayMount)("a disk without space stops the start with one sentence", async () => {
    expectSentence(await up(mounted("256k")), /cannot be used: there is no space left on its disk/);
  });

  it.skipIf(process.getuid?.() !== 0)("a data folder of another user stops the start", async () => {
    const home = newFolder();
    chmodSync(home, 0o755);
    const folder = path.join(home, "data");
    mkdirSync(folder, { mode: 0o700 });
    const asNobody = (data: string) =>
      runCommand("setpriv", [
        ...["--reuid", "65534", "--regid", "65534", "--clear-groups"],
        ...[process.execPath, program, "up", "--port", "0", "--data", data],
      ]);
    expectSentence(await asNobody(folder), /data belongs to user 0, and this program \(user 65534\) may not/);
    chownSync(folder, 65534, 65534);
    const file = path.join(folder, "skillett.db");
    writeFileSync(file, "");
    chmodSync(file, 0o600);
    expectSentence(await asNobody(folder), /skillett\.db belongs to user 0, and this program/);
  });
});

describe("a disk that fills up while the server runs", () => {
  async function running() {
    const github = await startGithub();
    cleanup.add(github.close);
    const skillett = await startSkillett("sqlite", { env: { SKILLETT_GITHUB_BASE_URL: github.url } });
    cleanup.add(skillett.close);
    await skillett.connect("github", github.mintToken());
    const { kysely } = skillett.app.database;
    const call = () =>
      skillett.call("POST", "/v1/github/get_repo", { body: { params: { repo: "acme/webapp" } } });
    const ready = () => skillett.call("GET", "/ready", { key: null });
    const sent = () => github.requests.filter(({ path }) => path === "/repos/acme/webapp").length;
    return { kysely, call, ready, sent };
  }

  it("a full disk is reported by /ready and by calls, which are not sent, until there is space again", async () => {
    const { kysely, call, ready, sent } = await running();
    expect((await ready()).status).toBe(200);
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(kysely);
    await sql`pragma max_page_count = ${sql.lit(rows[0]!.page_count)}`.execute(kysely);
    // What earlier deletions left free is used up first.
    await expect.poll(async () => (await call()).status, { interval: 0, timeout: 20_000 }).toBe(503);
    const before = sent();
    const reason = "its database cannot be used, since there is no space left on its disk";
    expect((await call()).json).toMatchObject({
      error: "unavailable",
      message: expect.stringContaining(reason),
      retryable: true,
    });
    expect((await ready()).json).toMatchObject({
      error: "unavailable",
      message: expect.stringContaining(reason),
    });
    expect(sent()).toBe(before);
    await sql`pragma max_page_count = 1000000`.execute(kysely);
    expect([(await ready()).status, (await call()).status]).toEqual([200, 200]);
    expect(sent()).toBe(before + 1);
  });

  it("a database that becomes read-only is reported by /ready and by calls, which are not sent", async () => {
    const { kysely, call, ready, sent } = await running();
    await sql`pragma query_only = on`.execute(kysely);
    const told = { error: "unavailable", message: expect.stringContaining("since it is read-only") };
    expect((await call()).json).toMatchObject(told);
    expect((await ready()).json).toMatchObject(told);
    expect(sent()).toBe(0);
    await sql`pragma query_only = off`.execute(kysely);
    expect([(await ready()).status, (await call()).status]).toEqual([200, 200]);
    expect(sent()).toBe(1);
  });
});

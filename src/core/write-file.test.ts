import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFile, replaceFile } from "#core/write-file.js";

let folder: string;
let file: string;
let umask: number;
beforeEach(() => {
  umask = process.umask(0o022);
  folder = mkdtempSync(join(tmpdir(), "skillett-write-"));
  file = join(folder, "file");
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe.each([
  ["createFile", createFile],
  ["replaceFile", replaceFile],
])("%s", (_name, write) => {
  it.each([
    ["text", "a\nü"],
    ["bytes", Buffer.from([0, 255, 10])],
    ["nothing", ""],
  ])("the file has %s in it, and no other file is left", (_what, data) => {
    write(file, data, 0o600);
    expect(readFileSync(file)).toEqual(Buffer.from(data));
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it.skipIf(process.platform === "win32").each([
    [0o600, "600"],
    [0o666, "644"],
    [0o777, "755"],
  ])("the file has the mode %o, less the umask", (mode, expected) => {
    write(file, "x", mode);
    expect(modeOf(file)).toBe(expected);
  });

  it("the file may have a name as long as names can be", () => {
    const long = join(folder, "n".repeat(255));
    write(long, "x", 0o600);
    expect(readFileSync(long, "utf8")).toBe("x");
  });

  it.skipIf(process.platform === "win32")("a write broken off in the middle leaves what was there", () => {
    const old = write === replaceFile ? "old" : undefined;
    if (old) writeFileSync(file, old);
    const module = fileURLToPath(new URL("./write-file.ts", import.meta.url));
    const script = `import { ${write.name} } from ${JSON.stringify(module)};
      process.on("SIGXFSZ", () => {});
      ${write.name}(${JSON.stringify(file)}, "new".repeat(100_000), 0o600);`;
    // The system takes no file of more than 64 KiB from it.
    const command = 'ulimit -f 128; exec "$0" --import tsx --input-type=module --eval "$1"';
    const { status, stderr } = spawnSync("sh", ["-c", command, process.execPath, script], {
      encoding: "utf8",
    });
    expect(stderr).toContain("EFBIG");
    expect(status).toBe(1);
    expect(readdirSync(folder)).toEqual(old ? ["file"] : []);
    if (old) expect(readFileSync(file, "utf8")).toBe(old);
  });
});

describe("createFile", () => {
  it("createFile leaves alone what is there, a link that leads nowhere included", () => {
    writeFileSync(file, "precious");
    expect(() => createFile(file, "x", 0o600)).toThrow("EEXIST");
    expect(readFileSync(file, "utf8")).toBe("precious");
    const link = join(folder, "link");
    symlinkSync(join(folder, "nowhere"), link);
    expect(() => createFile(link, "x", 0o600)).toThrow("EEXIST");
    expect(readdirSync(folder).sort()).toEqual(["file", "link"]);
  });
});

describe("replaceFile", () => {
  it("replaceFile makes the folders above, and gives a file that was open to all the new mode", () => {
    const inner = join(folder, "a", "b", "file");
    replaceFile(inner, "old", 0o666);
    replaceFile(inner, "new", 0o600);
    expect(readFileSync(inner, "utf8")).toBe("new");
    if (process.platform !== "win32") expect(modeOf(inner)).toBe("600");
  });

  it("replaceFile replaces a symbolic link and leaves alone what it leads to", () => {
    const other = join(folder, "other");
    writeFileSync(other, "precious");
    symlinkSync(other, file);
    replaceFile(file, "new", 0o600);
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
    expect([readFileSync(file, "utf8"), readFileSync(other, "utf8")]).toEqual(["new", "precious"]);
  });

  it("replaceFile leaves no draft when it cannot take the place of what is there", () => {
    mkdirSync(join(file, "inner"), { recursive: true });
    expect(() => replaceFile(file, "x", 0o600)).toThrow();
    expect(readdirSync(folder)).toEqual(["file"]);
    expect(readdirSync(file)).toEqual(["inner"]);
  });

  it("replaceFile shows others the old file or the new one, whenever they look", async () => {
    const size = 300_000;
    replaceFile(file, "b".repeat(size), 0o600);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const reader = new Worker(
      `const { readFileSync } = require("node:fs");
      const { parentPort, workerData: { file, size, stop } } = require("node:worker_threads");
      const seen = new Set();
      let done = false;
      do {
        done = Atomics.load(stop, 0) === 1;
        const text = readFileSync(file, "utf8");
        seen.add(text === text[0]?.repeat(size) ? text[0] : "a part");
        if (seen.size === 1) parentPort.postMessage("reading");
      } while (!done);
      parentPort.postMessage([...seen].sort());`,
      { eval: true, workerData: { file, size, stop } },
    );
    await once(reader, "message");
    for (let round = 0; round < 99; round++) replaceFile(file, "ab"[round % 2]!.repeat(size), 0o600);
    const last = new Promise((resolve) =>
      reader.on("message", (seen) => Array.isArray(seen) && resolve(seen)),
    );
    Atomics.store(stop, 0, 1);
    expect(await last).toEqual(["a", "b"]);
  });
});

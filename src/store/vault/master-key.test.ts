import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { masterKeyFile, parseMasterKey } from "#store/vault/master-key.js";

let directory: string;
const file = () => path.join(directory, "master.key");
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "skillett-key-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const key = Buffer.alloc(32, 0xfb);

test.each(["hex", "base64", "base64url"] as const)("a master key is read from %s", (encoding) => {
  expect(parseMasterKey(key.toString(encoding))).toEqual(key);
});

test.each([
  "",
  "short",
  "f".repeat(63),
  "g".repeat(64),
  key.subarray(1).toString("base64"),
  `${"A".repeat(43)}==`,
])("a master key of %j is refused", (text) => expect(parseMasterKey(text)).toBeUndefined());

test("the key file is made once, for its owner alone", () => {
  const made = masterKeyFile(directory, false);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(masterKeyFile(directory, true)).toEqual(made);
  expect(readFileSync(file(), "utf8")).toBe(`${made.toString("base64")}\n`);
});

test("no new key file is made for what is already sealed", () => {
  expect(() => masterKeyFile(directory, true)).toThrow("is gone");
  expect(() => statSync(file())).toThrow("ENOENT");
});

test("a file that is no key is not touched", () => {
  writeFileSync(file(), "precious");
  expect(() => masterKeyFile(directory, false)).toThrow("is not a master key");
  expect(readFileSync(file(), "utf8")).toBe("precious");
});

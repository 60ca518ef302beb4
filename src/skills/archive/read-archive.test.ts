import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import type { SkillettError } from "#core/errors.js";
import { readArchive } from "#skills/archive/read-archive.js";
import { type RawEntry, rawZip } from "#support/raw-zip.js";

const skillMd = (name: string) => `---\nname: ${name}\ndescription: Does things.\n---\nBody.\n`;
const main: RawEntry = { name: "demo/SKILL.md", content: skillMd("demo") };
const mebibyte = 1024 * 1024;

async function refusal(bytes: Buffer): Promise<[at: string, message: string][]> {
  const error = await readArchive(bytes).then(
    () => expect.unreachable("was taken"),
    (error: SkillettError) => error,
  );
  expect(error.code).toBe("bad_request");
  return error.issues!.map(({ at, message }) => [at, message]);
}

type TarHeader = Parameters<typeof packTar>[0][number]["header"];
async function tar(...entries: (Partial<TarHeader> & { name: string; content?: string })[]): Promise<Buffer> {
  const packed = await packTar(
    entries.map(({ content = "", ...header }) => ({
      header: { size: header.type && header.type !== "file" ? 0 : Buffer.byteLength(content), ...header },
      body: content,
    })),
  );
  return Buffer.from(packed);
}

describe("paths that are refused, in a zip and in a tar.gz", () => {
  const paths: [path: string, says: string][] = [
    ["../evil", "leads out"],
    ["demo/../../evil", "leads out"],
    ["/etc/passwd", "absolute"],
    ["C:/evil", "drive letter"],
    ["demo\\evil", "backslash"],
    ["demo/a\nb", "control character"],
    ["demo//a", "empty part"],
    ["demo/./a", "empty part"],
    [`demo/${"x".repeat(90)}/${"y".repeat(300)}`, "over 255 bytes"],
    [`demo/${"abcdefgh/".repeat(60)}z`, "over 512 bytes"],
    ["demo/skill.md", "differs from demo/SKILL.md in case"],
    ["demo/Scripts/b", "differs from demo/scripts in case"],
    ["demo/SKILL.md", "stands there twice"],
    ["demo/SKILL.md/x", "file and a folder"],
  ];
  test.each(paths)("the path %j is refused, in a zip and in a tar.gz", async (name, says) => {
    const issues = [[expect.any(String), expect.stringContaining(says)]];
    const script = { name: "demo/scripts/a", content: "x" };
    expect(await refusal(rawZip(main, script, { name, content: "x" }))).toEqual(issues);
    const packed = await tar({ name: "demo/SKILL.md", content: skillMd("demo") }, script, {
      name,
      content: "x",
    });
    expect(await refusal(gzipSync(packed))).toEqual(issues);
  });

  test("a NUL in a path, which only a zip can hold, is refused", async () => {
    expect(await refusal(rawZip(main, { name: "demo/a\0b" }))).toEqual([
      ["demo/a\0b", expect.stringContaining("NUL")],
    ]);
  });

  test("names in two Unicode normalizations are refused", async () => {
    const problems = await refusal(rawZip(main, { name: "demo/\u00e4" }, { name: "demo/a\u0308" }));
    expect(problems).toEqual([["demo/a\u0308", expect.stringContaining("normalization")]]);
  });

  test("every path that is refused is named", async () => {
    const problems = await refusal(rawZip(main, { name: "../a" }, { name: "/b" }, { name: "demo/c\\d" }));
    expect(problems.map(([at]) => at)).toEqual(["../a", "/b", "demo/c\\d"]);
  });
});

describe("entries that are refused", () => {
  const zips: [name: string, entry: Partial<RawEntry>, says: string][] = [
    ["a symbolic link", { mode: 0o120777, content: "/etc/passwd" }, "symbolic link"],
    ["a device", { mode: 0o020666 }, "device or pipe"],
    ["a pipe", { mode: 0o010666 }, "device or pipe"],
    ["an encrypted file", { flags: 0x0801 }, "encrypted"],
    ["bzip2 inside", { method: 12 }, "method 12"],
    ["a file over 10 MB", { content: Buffer.alloc(10 * mebibyte + 1) }, "a file may have 10 MB"],
  ];
  test("a SKILL.md over 1 MB is refused, since it is read again and again", async () => {
    const large = { ...main, content: Buffer.alloc(mebibyte + 1, "x") };
    expect(await refusal(rawZip(large))).toEqual([
      ["demo/SKILL.md", expect.stringContaining("this file may have 1 MB")],
    ]);
  });
  test.each(zips)("%s in a zip is refused", async (_name, entry, says) => {
    expect(await refusal(rawZip(main, { name: "demo/x", ...entry }))).toEqual([
      ["demo/x", expect.stringContaining(says)],
    ]);
  });

  const tars: [name: string, header: Partial<TarHeader>, says: string][] = [
    ["a symbolic link", { type: "symlink", linkname: "/etc/passwd" }, "symbolic link"],
    ["a hard link", { type: "link", linkname: "demo/SKILL.md" }, "hard link"],
    ["a device", { type: "character-device" }, "device or pipe"],
    ["a pipe", { type: "fifo" }, "device or pipe"],
    ["a sparse file", { pax: { "GNU.sparse.major": "1" } }, "sparse"],
  ];
  test.each(tars)("%s in a tar is refused", async (_name, header, says) => {
    const bytes = await tar(
      { name: "demo/SKILL.md", content: skillMd("demo") },
      { name: "demo/x", ...header },
    );
    expect(await refusal(bytes)).toEqual([["demo/x", expect.stringContaining(says)]]);
  });
});

/** Spreads files over five skills. */
const inFive = ({ name, ...entry }: RawEntry, at: number): RawEntry => ({
  ...entry,
  name: at < 5 ? `s${at}/SKILL.md` : `s${at % 5}${name}`,
});

describe("archives that are refused", () => {
  const zeros = Buffer.alloc(9 * mebibyte);
  const many = (count: number, folder: string) =>
    Array.from({ length: count }, (_x, index) => ({ name: `${folder}/${index}`, method: 0 }));

  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ["no archive", () => Buffer.from("hello"), "neither zip nor tar"],
    ["nothing", () => Buffer.alloc(0), "neither zip nor tar"],
    ["bzip2", () => Buffer.from("BZh91AY"), "packed with bzip2"],
    ["a zip cut off", () => rawZip(main).subarray(0, -30), "not a readable zip"],
    ["a tar.gz cut off", async () => gzipSync(await tar(main as never)).subarray(0, -20), "truncated"],
    ["a tar cut off", async () => (await tar(main as never)).subarray(0, 700), "truncated"],
    ["a tar without an end", async () => (await tar(main as never)).subarray(0, 1024), "truncated"],
    ["gzip of something else", () => gzipSync("x".repeat(2000)), "not a readable tar"],
    ["a wrong checksum", () => rawZip({ ...main, crc: 1 }), "checksum of demo/SKILL.md"],
    ["a size that is too small", () => rawZip({ ...main, size: 5 }), "not a readable zip"],
    ["a size that is too large", () => rawZip({ ...main, size: 5000 }), "not a readable zip"],
    [
      "a zip bomb",
      () => rawZip(main, ...[1, 2].map((n) => ({ name: `demo/${n}`, content: zeros }))),
      "over 10 MB",
    ],
    [
      "a zip bomb that lies",
      () => rawZip(main, ...[1, 2].map((n) => ({ name: `demo/${n}`, content: zeros, size: 9 }))),
      "not a readable zip",
    ],
    ["a gzip bomb", () => gzipSync(Buffer.alloc(64 * mebibyte)), "over 10 MB"],
    [
      "20,001 files of skills",
      () => rawZip(...many(20_001, "").map(inFive)),
      "over 20000 files in its skills",
    ],
    ["100,001 files of no skill", () => tar(...many(100_001, "other")), "over 100000 files and folders"],
  ])("an upload of %s is refused", async (_name, make, says) => {
    expect(await refusal(await make())).toEqual([["archive", expect.stringContaining(says)]]);
  });

  test("a skill with 5,001 files is refused", async () => {
    for (const bytes of [
      rawZip(main, ...many(5001, "demo")),
      await tar(main as never, ...many(5001, "demo")),
    ])
      expect(await refusal(bytes)).toEqual([["demo", expect.stringContaining("over 5000 files")]]);
  });

  test("an archive over 50 MB is refused as too large", async () => {
    await expect(readArchive(Buffer.alloc(50 * mebibyte + 1))).rejects.toMatchObject({
      code: "payload_too_large",
    });
  });

  test("an archive over 200 MB when unpacked is refused", async () => {
    const half = Buffer.concat([randomBytes(mebibyte), Buffer.alloc(8 * mebibyte)]);
    const files = Array.from({ length: 23 }, (_x, index) => ({ name: `demo/${index}`, content: half }));
    expect(await refusal(rawZip(main, ...files))).toEqual([
      ["archive", expect.stringContaining("over 200 MB")],
    ]);
  });
});

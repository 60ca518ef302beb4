import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { unpackTar } from "modern-tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { packSkill } from "#cli/skill/pack.js";
import { archiveLimits } from "#core/archive-limits.js";
import { createTestHost } from "#support/cli.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "skillett-skills-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Sent {
  url: string;
  type: string | undefined;
  key: string | undefined;
  bytes: Buffer;
}

/** Runs a command against a server that answers this to everything; `stand-in.ts` reads bodies as text. */
async function run(args: string[], reply: unknown = {}, status = 200) {
  const sent: Sent[] = [];
  const server = createServer(async (incoming, response) => {
    const { url = "", headers } = incoming;
    const bytes = await buffer(incoming);
    sent.push({ url, type: headers["content-type"], key: headers.authorization, bytes });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { SKILLETT_URL: url, SKILLETT_API_KEY: "sk_1" };
  const { host, output } = createTestHost({ directory: root, env });
  try {
    return { code: await runCli(args, host), ...output, sent };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function put(path: string, content = "x"): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function entriesOf(archive: Uint8Array) {
  const entries = await unpackTar(gunzipSync(archive));
  return entries.map(({ header, data }) => [header.name, header.mode, Buffer.from(data ?? []).toString()]);
}

test("skillett skill new makes a folder to fill in, once", async () => {
  const { code, stdout } = await run(["skill", "new", "release-notes"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    name: "release-notes",
    folder: "release-notes",
    files: ["SKILL.md"],
  });
  for (const inner of ["references", "scripts"])
    expect(existsSync(join(root, "release-notes", inner))).toBe(true);
  expect((await run(["skill", "new", "release-notes"])).code).toBe(64);
});

test.each(["Release", "-a", "a--b", "../a", "a b", "", "a".repeat(65)])(
  "skillett skill new refuses the name %j",
  async (name) => {
    const { code, stderr } = await run(["skill", "new", "--", name]);
    expect(code).toBe(64);
    expect(stderr).toContain("lower-case letters");
  },
);

test("skillett skill push packs the folder as it is, without junk and secrets", async () => {
  put("notes/SKILL.md", "---\nname: notes\n---\n");
  put("notes/scripts/run.sh", "#!/bin/sh\n");
  chmodSync(join(root, "notes/scripts/run.sh"), 0o755);
  for (const path of [".git/HEAD", ".DS_Store", "node_modules/a/b.js", ".env", "scripts/.env.local"])
    put(`notes/${path}`);
  const skills = [{ slug: "notes", currentVersion: "1.1.0" }];
  const args = ["skill", "push", "notes", "--version", "1.1.0", "--notes", "Shorter & better"];
  const { code, stdout, stderr, sent } = await run(args, { skills, problems: [] }, 201);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ skills, problems: [] });
  expect(stderr).toContain("✓ notes 1.1.0\n");
  expect(stderr).toContain("Left out: .DS_Store, .env, .git, node_modules, scripts/.env.local");
  const [{ url, type, key, bytes }] = sent as [Sent];
  expect(url).toBe("/v1/registry/import?replace=true&version=1.1.0&notes=Shorter+%26+better");
  expect([type, key]).toEqual(["application/octet-stream", "Bearer sk_1"]);
  expect(await entriesOf(bytes)).toEqual([
    ["notes/SKILL.md", 0o644, "---\nname: notes\n---\n"],
    ["notes/scripts/run.sh", 0o755, "#!/bin/sh\n"],
  ]);
});

test("the archive is one that tar reads, whatever the names", async () => {
  const long = `references/${"long-".repeat(30)}name.md`;
  put("notes/SKILL.md");
  put(`notes/${long}`, "Long.");
  put("notes/references/Über.md", "ü");
  const { archive } = await packSkill(join(root, "notes"));
  put("notes.tar.gz", "");
  writeFileSync(join(root, "notes.tar.gz"), archive);
  const names = execFileSync("tar", ["--quoting-style=literal", "-tzf", join(root, "notes.tar.gz")]);
  expect(names.toString().trim().split("\n")).toEqual([
    "notes/SKILL.md",
    `notes/${long}`,
    "notes/references/Über.md",
  ]);
});

test("the same folder makes the same archive", async () => {
  put("notes/SKILL.md");
  const [first, second] = [await packSkill(join(root, "notes")), await packSkill(join(root, "notes"))];
  expect(Buffer.from(first.archive).equals(Buffer.from(second.archive))).toBe(true);
});

test("skillett skill validate reports each problem with file and line, and exits with 1", async () => {
  put("notes/SKILL.md");
  const problems = [
    { file: "SKILL.md", line: 2, message: "description is missing: add one.", severity: "error" },
    { file: "scripts/a.sh", line: null, message: "has no shebang.", severity: "warning" },
  ];
  const bad = await run(["skill", "validate", "notes"], { valid: false, problems });
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toEqual({ valid: false, problems });
  expect(bad.stderr).toContain(
    "✗ SKILL.md:2: description is missing: add one.\n! scripts/a.sh: has no shebang.",
  );
  expect(bad.sent[0]!.url).toBe("/v1/registry/validate");
  const good = await run(["skill", "validate", "notes"], { valid: true, problems: [] });
  expect(good).toMatchObject({ code: 0, stderr: "" });
});

test("skillett skill validate --strict asks for the strict rules, and counts the skills of a collection", async () => {
  put("kit/a/SKILL.md");
  const skipped = [{ folder: "kit/b", reason: "kit/b/SKILL.md:2 name is missing" }];
  const reply = { valid: false, skills: [{ folder: "kit/a" }], skipped, problems: [] };
  const { code, stderr, sent } = await run(["skill", "validate", "kit", "--strict"], reply);
  expect([code, sent[0]!.url]).toEqual([1, "/v1/registry/validate?strict=true"]);
  expect(stderr).toContain("1 of 2 skills are not valid.");
});

test("skillett skill push sends the skills of a collection, and exits with 1 when one was left out", async () => {
  for (const path of [
    "kit/a/SKILL.md",
    "kit/a/x/y",
    "kit/.curated/b/SKILL.MD",
    "kit/docs/a.md",
    "kit/node_modules/c/SKILL.md",
  ])
    put(path);
  put("kit/.claude-plugin/marketplace.json", "{}");
  put("README.md");
  symlinkSync("README.md", join(root, "CLAUDE.md"));
  symlinkSync("/etc/passwd", join(root, "kit/a/link"));
  const skipped = [{ folder: "kit/a", reason: "kit/a/link is a symbolic link" }];
  const reply = { skills: [{ slug: "b", currentVersion: "1.0.0" }], skipped, problems: [] };
  const { code, stdout, stderr, sent } = await run(["skill", "push", "."], reply, 201);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual(reply);
  expect(stderr).toContain("✓ b 1.0.0\n✗ kit/a was left out: kit/a/link is a symbolic link\n");
  const name = root.split("/").at(-1);
  expect((await entriesOf(sent[0]!.bytes)).map(([at]) => at)).toEqual(
    [
      "kit/.claude-plugin/marketplace.json",
      "kit/.curated/b/SKILL.MD",
      "kit/a/SKILL.md",
      "kit/a/x/y",
      "kit/a/link",
    ].map((path) => `${name}/${path}`),
  );
});

test("warnings beyond fifty are cut short, and errors never", async () => {
  put("notes/SKILL.md");
  const problem = (severity: string, at: number) => ({
    file: "SKILL.md",
    line: at,
    message: severity,
    severity,
  });
  const problems = Array.from({ length: 60 }, (_x, at) => [
    problem("warning", at),
    problem("error", at),
  ]).flat();
  const { stderr } = await run(["skill", "validate", "notes"], { valid: false, problems });
  expect([stderr.match(/: warning/g)?.length, stderr.match(/: error/g)?.length]).toEqual([50, 60]);
  expect(stderr).toContain("And 10 more");
});

test("a refusal of the server is shown in its own words", async () => {
  put("notes/SKILL.md");
  const body = { error: "conflict", message: "There is 1.1.0.", retryable: false, request_id: "r" };
  const { code, stdout, stderr } = await run(["skill", "push", "notes"], body, 409);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual(body);
  expect(stderr).toContain("✗ There is 1.1.0.");
  expect((await run(["skill", "push", "notes"], { detail: "no" }, 502)).code).toBe(2);
});

test("symbolic links in a skill are named, and nothing is sent", async () => {
  put("notes/SKILL.md");
  symlinkSync("/etc/passwd", join(root, "notes/passwd"));
  symlinkSync(root, join(root, "notes/up"));
  const { code, stderr, sent } = await run(["skill", "push", "notes"]);
  expect({ code, sent }).toEqual({ code: 64, sent: [] });
  expect(stderr).toContain("  passwd\n  up\n");
});

test.each([
  ["nowhere", "There is no folder"],
  ["file", "is a file"],
  ["empty", "has no SKILL.md"],
])("a path that is %s is no folder of a skill", async (folder, words) => {
  put("file");
  mkdirSync(join(root, "empty"));
  const { code, stderr, sent } = await run(["skill", "validate", folder]);
  expect({ code, sent }).toEqual({ code: 64, sent: [] });
  expect(stderr).toContain(words);
});

test.each([
  [{ skillFiles: 1 }, "up to 1 files"],
  [{ fileBytes: 10 }, "a.md is over"],
  [{ unpackedBytes: 12 }, "too large"],
  [{ packedBytes: 20 }, "when packed"],
])("the limits are checked before anything is sent: %j", async (limit, words) => {
  put("notes/SKILL.md");
  put("notes/a.md", "twelve bytes");
  await expect(packSkill(join(root, "notes"), { ...archiveLimits, ...limit })).rejects.toThrow(words);
});

test("skillett skill list shows the skills of the key's agent", async () => {
  const skills = { agent_id: null, skills: [{ slug: "notes" }] };
  const { code, stdout, sent } = await run(["skill", "list"], skills);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(skills);
  expect(sent[0]).toMatchObject({ url: "/v1/agent/skills", key: "Bearer sk_1" });
});

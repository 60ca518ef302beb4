import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "#cli/cli.js";
import { readConfig, saveProfile } from "#cli/server/config-file.js";
import { createTestHost } from "#support/cli.js";

const secret = `sk_${"ab12".repeat(10)}`;

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "skillett-")), "config.json");
  saveProfile(file, "default", { url: "http://home.test", apiKey: "sk_1" });
  saveProfile(file, "work", { url: "http://work.test", apiKey: secret });
});
afterEach(() => rmSync(join(file, ".."), { recursive: true }));

async function profiles(args: string[] = [], env = {}) {
  const { host, output } = createTestHost({ env: { SKILLETT_CONFIG_FILE: file, ...env } });
  const code = await runCli(["profiles", ...args], host);
  expect(output.stdout + output.stderr).not.toContain(secret);
  return { code, ...output };
}

test("skillett profiles lists profiles without their keys", async () => {
  const { code, stdout } = await profiles();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    profiles: [
      // Of a key so short, a prefix would be all.
      { name: "default", url: "http://home.test", key_prefix: null, default: true },
      { name: "work", url: "http://work.test", key_prefix: "sk_ab12ab12", default: false },
    ],
  });
});

test("skillett profiles lists none where there is no config file", async () => {
  const { stdout } = await profiles([], { SKILLETT_CONFIG_FILE: `${file}.gone` });
  expect(JSON.parse(stdout)).toEqual({ profiles: [] });
});

test("skillett profiles use makes a profile the default", async () => {
  const { code, stdout } = await profiles(["use", "work"]);
  expect({ code, stdout: JSON.parse(stdout) }).toEqual({
    code: 0,
    stdout: { name: "work", url: "http://work.test", default: true },
  });
  expect(readConfig(file).defaultProfile).toBe("work");
  expect(JSON.parse((await profiles()).stdout).profiles[1]).toMatchObject({ name: "work", default: true });
});

test("skillett profiles use says which variables go before the default", async () => {
  const { stderr } = await profiles(["use", "work"], {
    SKILLETT_PROFILE: "default",
    SKILLETT_API_KEY: "sk_e",
  });
  expect(stderr).toContain("SKILLETT_PROFILE is set");
  expect(stderr).toContain("SKILLETT_API_KEY is set");
});

test("skillett profiles remove forgets a profile, and says that its key lives on", async () => {
  await profiles(["use", "work"]);
  const { code, stdout, stderr } = await profiles(["remove", "work"]);
  expect({ code, stdout: JSON.parse(stdout) }).toEqual({
    code: 0,
    stdout: { name: "work", url: "http://work.test", status: "removed" },
  });
  expect(stderr).toContain("Its key sk_ab12ab12… is not revoked: at http://work.test/dashboard/api-keys.");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    profiles: { default: { url: "http://home.test", api_key: "sk_1" } },
  });
});

test.each(["use", "remove"])("skillett profiles %s changes nothing for an unknown name", async (verb) => {
  const before = readFileSync(file, "utf8");
  const { code, stderr } = await profiles([verb, "wrok"]);
  expect(code).toBe(64);
  expect(stderr).toContain("Did you mean work?");
  expect(readFileSync(file, "utf8")).toBe(before);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { saveProfile, setDefaultProfile } from "#cli/server/config-file.js";
import { loadSettings } from "#cli/server/settings.js";
import { UsageError } from "#cli/terminal/failure.js";

let directory: string;
let file: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "skillett-"));
  file = join(directory, "config.json");
  saveProfile(file, "default", { url: "http://home.example/", apiKey: "sk_home" });
  saveProfile(file, "work", { url: "https://work.example", apiKey: "sk_work" });
});
afterAll(() => rmSync(directory, { recursive: true }));

function load(env: Record<string, string>, profile?: string) {
  const { url, apiKey } = loadSettings({ SKILLETT_CONFIG_FILE: file, ...env }, profile);
  return [url, apiKey];
}

test("the environment goes before the file, unless a profile is asked for", () => {
  const env = { SKILLETT_URL: "http://env.example/", SKILLETT_API_KEY: "sk_env" };
  expect(load(env)).toEqual(["http://env.example", "sk_env"]);
  expect(load({})).toEqual(["http://home.example", "sk_home"]);
  expect(load({ SKILLETT_PROFILE: "work" })).toEqual(["https://work.example", "sk_work"]);
  expect(load(env, "work")).toEqual(["https://work.example", "sk_work"]);
  expect(load({ SKILLETT_API_KEY: "sk_other" })).toEqual(["http://home.example", "sk_other"]);
  expect(load({ SKILLETT_URL: "http://home.example" })).toEqual(["http://home.example", "sk_home"]);
});

test("the default profile of the file is used, and one that is not there is reported", () => {
  const other = join(directory, "other.json");
  saveProfile(other, "default", { url: "http://home.example", apiKey: "sk_home" });
  saveProfile(other, "work", { url: "http://work.example", apiKey: "sk_work" });
  setDefaultProfile(other, "work");
  const env = { SKILLETT_CONFIG_FILE: other };
  expect(load(env)).toEqual(["http://work.example", "sk_work"]);
  expect(load({ ...env, SKILLETT_PROFILE: "default" })).toEqual(["http://home.example", "sk_home"]);
  setDefaultProfile(other, "gone");
  const act = () => load(env);
  expect(act).toThrow('There is no profile "gone"');
  expect(act).toThrow(expect.objectContaining({ next: ["skillett login --profile gone"] }));
  // One that was only misspelt is not logged in to.
  expect(() => load({ ...env, SKILLETT_PROFILE: "wrok" })).toThrow(expect.objectContaining({ next: [] }));
});

test("profiles without a default one are reported, with the command that sets it", () => {
  const only = join(directory, "only.json");
  saveProfile(only, "work", { url: "http://work.example", apiKey: "sk_work" });
  const act = () => load({ SKILLETT_CONFIG_FILE: only });
  expect(act).toThrow(expect.objectContaining({ next: ["skillett profiles use work"] }));
});

test("a complete environment needs no file, not even a sound one", () => {
  const broken = join(directory, "broken.json");
  writeFileSync(broken, "{");
  const env = { SKILLETT_URL: "http://e.example", SKILLETT_API_KEY: "sk_e", SKILLETT_CONFIG_FILE: broken };
  expect(load(env)).toEqual(["http://e.example", "sk_e"]);
});

test.each<[string, Record<string, string>, string | undefined, string]>([
  [
    "the key of one server for another",
    { SKILLETT_URL: "http://evil.example" },
    undefined,
    "set SKILLETT_API_KEY too",
  ],
  ["a misspelt profile", {}, "wrok", "Did you mean work?"],
  ["an unknown profile", { SKILLETT_PROFILE: "zzzzzzzz" }, undefined, "Known: default, work."],
  ["nothing", { SKILLETT_CONFIG_FILE: "/nonexistent/config.json" }, undefined, "No server is configured"],
  [
    "no URL",
    { SKILLETT_URL: "localhost:4000", SKILLETT_API_KEY: "sk_1" },
    undefined,
    "must look like https://",
  ],
  [
    "a password in the URL",
    { SKILLETT_URL: "http://a:b@c", SKILLETT_API_KEY: "sk_1" },
    undefined,
    "password",
  ],
  [
    "a key of two lines",
    { SKILLETT_URL: "http://c", SKILLETT_API_KEY: "sk_1\nx" },
    undefined,
    "characters no key has",
  ],
])("loading settings with %s is refused", (_, env, profile, words) => {
  expect(() => load(env, profile)).toThrow(UsageError);
  expect(() => load(env, profile)).toThrow(words);
});

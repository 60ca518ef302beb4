import {
  chmodSync,
  lstatSync,
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
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  configFile,
  readConfig,
  removeProfile,
  saveProfile,
  setDefaultProfile,
} from "#cli/server/config-file.js";
import { UsageError } from "#cli/terminal/failure.js";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "skillett-"));
  file = join(directory, "config", "config.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

const profile = { url: "http://127.0.0.1:1", apiKey: "sk_1" };

test("a config file that is not there has no profiles", () => {
  expect(readConfig(file)).toEqual({ profiles: {}, defaultProfile: "default" });
});

test("a saved profile can be read, by its owner alone", () => {
  saveProfile(file, "default", profile);
  expect(readConfig(file)).toEqual({ profiles: { default: profile }, defaultProfile: "default" });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    profiles: { default: { url: "http://127.0.0.1:1", api_key: "sk_1" } },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(directory, "config"))).toEqual(["config.json"]);
});

test("saving a profile keeps other profiles and settings, and narrows the mode", () => {
  saveProfile(file, "default", profile);
  const old = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ theme: "dark", ...old }));
  chmodSync(file, 0o644);
  saveProfile(file, "work", { url: "https://a.example", apiKey: "sk_2" });
  expect(Object.keys(readConfig(file).profiles)).toEqual(["default", "work"]);
  expect(JSON.parse(readFileSync(file, "utf8")).theme).toBe("dark");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("removing a profile leaves the rest, but for a default that would lead nowhere", () => {
  saveProfile(file, "default", { ...profile, keyGiven: true });
  saveProfile(file, "work", profile);
  setDefaultProfile(file, "work");
  removeProfile(file, "default");
  expect(readConfig(file)).toEqual({ profiles: { work: profile }, defaultProfile: "work" });
  removeProfile(file, "work");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ profiles: {} });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a symbolic link to the config file is written through, and stays a link", () => {
  const real = join(directory, "real.json");
  saveProfile(real, "default", profile);
  const link = join(directory, "link.json");
  symlinkSync(real, link);
  saveProfile(link, "work", profile);
  expect(Object.keys(readConfig(real).profiles)).toEqual(["default", "work"]);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(real).mode & 0o777).toBe(0o600);
});

test.each([
  ['{"profiles": {"default": {"url": "x", "api_key": "sk_hidden" ', "it is not JSON"],
  ["[]", "it is not a JSON object"],
  ['{"profiles": []}', '"profiles" is not an object'],
  ['{"default_profile": 1}', '"default_profile" is not a text'],
  ['{"profiles": {"default": {"url": "x"}}}', 'profile "default" needs'],
])("a broken config file is reported in one sentence and never overwritten: %s", (text, why) => {
  const broken = join(directory, "config.json");
  writeFileSync(broken, text);
  expect(() => readConfig(broken)).toThrow(UsageError);
  expect(() => readConfig(broken)).toThrow(why);
  expect(() => readConfig(broken)).not.toThrow("sk_hidden");
  expect(() => saveProfile(broken, "default", profile)).toThrow(UsageError);
  expect(readFileSync(broken, "utf8")).toBe(text);
});

test("an unreadable config file is reported in one sentence", () => {
  expect(() => readConfig(directory)).toThrow(`The config file ${directory} cannot be read: EISDIR.`);
});

test("the environment may name the config file", () => {
  expect(configFile({ SKILLETT_CONFIG_FILE: "/x/y.json" })).toBe("/x/y.json");
  expect(configFile({})).toMatch(/skillett[/\\].*config\.json$|skillett[/\\]config\.json$/i);
});

import path from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "#main/config.js";

const read = (env: Record<string, string>, flags = {}) => readConfig(flags, env, "/built-in");

test("without any setting it listens here, and keeps its data with the user's", () => {
  expect(read({})).toMatchObject({
    port: 4747,
    host: "127.0.0.1",
    databaseUrl: undefined,
    masterKey: undefined,
    publicUrl: undefined,
    integrationDirs: ["/built-in"],
    baseUrls: {},
    allowHosts: [],
    upstreamTimeoutMs: 30_000,
    logLevel: "warn",
  });
});

test("a flag goes before the environment, and what is empty is not set", () => {
  const env = {
    SKILLETT_PORT: "1",
    SKILLETT_DATA_DIR: "/env",
    SKILLETT_LOG_LEVEL: " ",
    SKILLETT_PUBLIC_URL: "",
  };
  expect(read(env, { port: 2, data: "flag" })).toMatchObject({
    port: 2,
    dataDir: path.resolve("flag"),
    logLevel: "warn",
    publicUrl: undefined,
  });
  expect(read(env)).toMatchObject({ port: 1, dataDir: "/env" });
});

test("lists, URLs and base URLs are read", () => {
  const dirs = ["/a", "/b"].join(path.delimiter);
  expect(
    read({
      SKILLETT_INTEGRATIONS_DIR: dirs,
      SKILLETT_ALLOW_HOSTS: "intranet, 10.0.0.1:8080,",
      SKILLETT_PUBLIC_URL: "https://skills.example.com/x/",
      SKILLETT_GOOGLE_CALENDAR_BASE_URL: "http://127.0.0.1:9/calendar/",
      SKILLETT_GITHUB_BASE_URL: "https://github.example.com/api/v3",
    }),
  ).toMatchObject({
    integrationDirs: ["/built-in", "/a", "/b"],
    publicUrl: "https://skills.example.com/x",
    baseUrls: {
      "google-calendar": "http://127.0.0.1:9/calendar",
      github: "https://github.example.com/api/v3",
    },
    allowHosts: ["intranet", "10.0.0.1:8080", "127.0.0.1:9", "github.example.com:443"],
  });
});

test.each(["http://169.254.169.254/", "http://[fe80::1]/"])("a base URL does not open %s", (url) => {
  expect(read({ SKILLETT_GITHUB_BASE_URL: url }).allowHosts).toEqual([]);
});

test.each([
  ["SKILLETT_PORT", "65536"],
  ["SKILLETT_PORT", "80.5"],
  ["SKILLETT_UPSTREAM_TIMEOUT_SECONDS", "0"],
  ["SKILLETT_UPSTREAM_TIMEOUT_SECONDS", "601"],
  ["SKILLETT_PUBLIC_URL", "https://me:secret@example.com"],
  ["SKILLETT_PUBLIC_URL", "https://example.com?x=1"],
  ["SKILLETT_GITHUB_BASE_URL", "github.com"],
  ["DATABASE_URL", "sqlite://x"],
  ["SKILLETT_MASTER_KEY", "secret"],
])("%s=%s is refused by name, without its value", (name, value) => {
  expect(() => read({ [name]: value })).toThrow(name);
  expect(() => read({ [name]: value })).not.toThrow(value === "secret" ? "secret" : "me:secret");
});

test("all problems are told at once", () => {
  const env = { SKILLETT_PORT: "x", SKILLETT_LOG_LEVEL: "x", DATABASE_URL: "postgres://127.0.0.1/x" };
  expect(() => read(env)).toThrow(/SKILLETT_PORT.*\n.*SKILLETT_LOG_LEVEL.*\n.*SKILLETT_MASTER_KEY/);
});

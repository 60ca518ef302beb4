import { homedir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "#main/config.js";

const read = (env: Record<string, string>, flags = {}) => readConfig(flags, env, "/built-in");

test("a server without settings listens on this machine alone and uses the built-in integrations", () => {
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

test("a server without settings keeps its data in the folder that this system has for a user's data", () => {
  const { XDG_DATA_HOME, LOCALAPPDATA } = process.env;
  const folders: Partial<Record<NodeJS.Platform, string>> = {
    linux: path.join(XDG_DATA_HOME || path.join(homedir(), ".local", "share"), "skillett"),
    darwin: path.join(homedir(), "Library", "Application Support", "skillett"),
    win32: path.join(LOCALAPPDATA || path.join(homedir(), "AppData", "Local"), "skillett", "Data"),
  };
  expect(read({}).dataDir).toBe(folders[process.platform]);
});

test("a flag goes before the environment, and an empty variable is not set", () => {
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
      SKILLETT_ALLOW_HOSTS:
        "intranet, 10.0.0.1:8080, store-source=[FD00::1]:80, integration:github=GHE.corp,",
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
    allowHosts: [
      { host: "intranet", use: undefined },
      { host: "10.0.0.1:8080", use: undefined },
      { host: "[fd00::1]:80", use: "store-source" },
      { host: "ghe.corp", use: "integration:github" },
      { host: "127.0.0.1:9", use: "integration:google-calendar" },
      { host: "github.example.com:443", use: "integration:github" },
    ],
  });
});

test.each([
  "http://169.254.169.254/",
  "http://[fe80::1]/",
  "http://[::ffff:169.254.169.254]/",
  "http://168.63.129.16/",
  "http://100.100.100.200/",
  "http://[fd00:ec2::254]/",
])("a base URL does not open %s, where a cloud keeps its secrets", (url) => {
  expect(read({ SKILLETT_GITHUB_BASE_URL: url }).allowHosts).toEqual([]);
});

test("each URL that is set opens its host for its own use", () => {
  const env = {
    SKILLETT_GITHUB_BASE_URL: "https://feature.corp.example/api/v3",
    SKILLETT_GITHUB_TOKEN_URL: "https://token.corp.example/token",
    SKILLETT_GOOGLE_REVOKE_URL: "http://revoke.corp.example/{client_id}",
    SKILLETT_WEBHOOK_URL: "http://hooks.corp.example:8080/in",
    SKILLETT_WEBHOOK_SECRET: "x".repeat(16),
    SKILLETT_SIGN_IN_OIDC_ISSUER: "http://id.corp.example",
    SKILLETT_SIGN_IN_OIDC_CLIENT_ID: "id",
    SKILLETT_SIGN_IN_OIDC_CLIENT_SECRET: "secret",
  };
  expect(read(env).allowHosts).toEqual([
    { use: "integration:github", host: "feature.corp.example:443" },
    { use: "provider:github", host: "token.corp.example:443" },
    { use: "provider:google", host: "revoke.corp.example:80" },
    { use: "webhook", host: "hooks.corp.example:8080" },
    { use: "sign-in", host: "id.corp.example:80" },
  ]);
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
  ["SKILLETT_EGRESS_PROXY", "proxy.corp:3128"],
  ["SKILLETT_EGRESS_PROXY", "socks5://me:secret@proxy.corp"],
  ["SKILLETT_EGRESS_PROXY", "http://me:secret@proxy.corp/path"],
  ["SKILLETT_EGRESS_PROXY", "http://me:secret%zz@proxy.corp"],
  ["SKILLETT_ALLOW_HOSTS", "https://intranet"],
  ["SKILLETT_ALLOW_HOSTS", "intranet/path"],
  ["SKILLETT_ALLOW_HOSTS", "everything=intranet"],
  ["SKILLETT_ALLOW_HOSTS", "client-document=intranet"],
])("%s=%s is refused by name, without its value", (name, value) => {
  expect(() => read({ [name]: value })).toThrow(name);
  expect(() => read({ [name]: value })).not.toThrow(value === "secret" ? "secret" : "me:secret");
});

test("all problems of settings are reported at once", () => {
  const env = { SKILLETT_PORT: "x", SKILLETT_LOG_LEVEL: "x", DATABASE_URL: "postgres://127.0.0.1/x" };
  expect(() => read(env)).toThrow(/SKILLETT_PORT.*\n.*SKILLETT_LOG_LEVEL.*\n.*SKILLETT_MASTER_KEY/);
});

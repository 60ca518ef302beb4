import { describe, expect, test } from "vitest";
import { type AllowedHost, createGuards, lookupPublic, type Use } from "#upstream/guard.js";

const allowed = ["Intranet.example", "127.0.0.1:8080", "[::1]:8080"].map((host) => ({
  host,
  use: undefined,
}));
const check = (url: string) => createGuards(allowed)("store-source").check(new URL(url));

test.each(["https://api.github.com/user", "https://8.8.8.8/", "https://[2606:4700::1111]/"])(
  "the URL %s is open",
  (url) => {
    expect(check(url)).toEqual({ allowed: false });
  },
);

test.each([
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://0.0.0.0/",
  "https://10.0.0.1/",
  "https://172.16.5.4/",
  "https://192.168.1.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://100.64.0.1/",
  "https://198.18.0.1/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[fc00::1]/",
  "https://[fe80::1]/",
  "https://[ff02::1]/",
  "https://168.63.129.16/",
  "https://192.0.0.192/",
  "https://[64:ff9b::7f00:1]/",
  "https://[2002:7f00:1::]/",
])("the URL %s is refused as not public", (url) => {
  expect(() => check(url)).toThrow(/not public.*SKILLETT_ALLOW_HOSTS/);
});

test.each(["http://api.github.com/", "http://8.8.8.8/"])("the URL %s is refused without TLS", (url) => {
  expect(() => check(url)).toThrow("without TLS");
});

test("a host that the operator allowed is open, on its port alone where one is named", () => {
  expect(check("http://intranet.example/")).toEqual({ allowed: true });
  expect(check("https://INTRANET.example:8443/")).toEqual({ allowed: true });
  expect(check("http://127.0.0.1:8080/")).toEqual({ allowed: true });
  expect(check("http://[::1]:8080/")).toEqual({ allowed: true });
  expect(() => check("https://127.0.0.1:8081/")).toThrow("not public");
  expect(() => check("https://sub.127.0.0.1.example/")).not.toThrow();
});

test("a host that is allowed for all is closed to what tenants bring, which takes a word of its own", () => {
  const url = new URL("http://intranet.example/");
  const host = "intranet.example";
  expect(() => createGuards([{ host, use: undefined }])("tenant-integration").check(url)).toThrow(
    "not allowed",
  );
  expect(() => createGuards([{ host, use: "integration" }])("tenant-integration").check(url)).toThrow(
    "SKILLETT_ALLOW_HOSTS, as tenant-integration=intranet.example.",
  );
  const own = createGuards([{ host, use: "tenant-integration" }]);
  expect(own("tenant-integration").check(url)).toEqual({ allowed: true });
  expect(() => own("integration:github").check(url)).toThrow("not allowed");
});

test("a name that resolves inwards is refused when it is connected to", async () => {
  const looked = new Promise((resolve) => {
    lookupPublic("localhost", { all: true }, (error, addresses) => resolve(error ?? addresses));
  });
  expect(await looked).toMatchObject({ code: "upstream_unreachable", retryable: false });
});

describe("hosts that are allowed for one use", () => {
  const uses: Use[] = [
    "integration:github",
    "integration:github-enterprise",
    "provider:github",
    "provider:google",
    "store-source",
    "webhook",
    "sign-in",
    "client-document",
  ];
  const hostOf = (use: Use) => `${use.replace(":", "-")}.corp:8080`;
  const mayReach = (allowedHosts: AllowedHost[], use: Use, host: string) => {
    try {
      return createGuards(allowedHosts)(use).check(new URL(`http://${host}/`)).allowed;
    } catch {
      return false;
    }
  };
  // No setting opens a private host to documents, which strangers name.
  const named = uses.map((use) => ({ host: hostOf(use), use }) as AllowedHost);

  test.each(uses.flatMap((use) => uses.map((other) => [use, other] as const)))(
    "%s reaches no more than its own host: that of %s",
    (use, other) => {
      expect(mayReach(named, use, hostOf(other))).toBe(use === other && use !== "client-document");
    },
  );

  test("an exception may be for all of a kind, or for all that can be excepted", () => {
    const reach = (use?: AllowedHost["use"]) =>
      uses.filter((one) => mayReach([{ host: "intranet", use }], one, "intranet"));
    expect(reach("integration")).toEqual(["integration:github", "integration:github-enterprise"]);
    expect(reach("store-source")).toEqual(["store-source"]);
    expect(reach()).toEqual(uses.filter((use) => use !== "client-document"));
  });
});

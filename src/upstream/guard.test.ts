import { expect, test } from "vitest";
import { createGuard, isPublic } from "#upstream/guard.js";

const guard = createGuard({ allowHosts: ["Intranet.example", "127.0.0.1:8080", "[::1]:8080"] });
const check = (url: string) => guard.check(new URL(url));

test.each(["https://api.github.com/user", "https://8.8.8.8/", "https://[2606:4700::1111]/"])(
  "%s is open",
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
  "https://[64:ff9b::7f00:1]/",
  "https://[2002:7f00:1::]/",
])("%s is refused", (url) => {
  expect(() => check(url)).toThrow(/not public.*SKILLETT_ALLOW_HOSTS/);
});

test.each(["http://api.github.com/", "http://8.8.8.8/"])("%s is refused: no TLS", (url) => {
  expect(() => check(url)).toThrow("without TLS");
});

test("what the operator allowed is open, that port alone where one is named", () => {
  expect(check("http://intranet.example/")).toEqual({ allowed: true });
  expect(check("https://INTRANET.example:8443/")).toEqual({ allowed: true });
  expect(check("http://127.0.0.1:8080/")).toEqual({ allowed: true });
  expect(check("http://[::1]:8080/")).toEqual({ allowed: true });
  expect(() => check("https://127.0.0.1:8081/")).toThrow("not public");
  expect(() => check("https://sub.127.0.0.1.example/")).not.toThrow();
});

test("a name that resolves inwards is refused when it is connected to", async () => {
  const looked = new Promise((resolve) => {
    guard.lookup("localhost", { all: true }, (error, addresses) => resolve(error ?? addresses));
  });
  expect(await looked).toMatchObject({ code: "upstream_unreachable", retryable: false });
});

test("only global unicast is public", () => {
  expect(["1.1.1.1", "2001:4860:4860::8888"].map(isPublic)).toEqual([true, true]);
  expect(["192.0.2.1", "203.0.113.9", "2001:db8::1", "100::1"].map(isPublic)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

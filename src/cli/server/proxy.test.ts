import { describe, expect, test } from "vitest";
import { proxyFor } from "#cli/server/proxy.js";

const proxy = "http://proxy.corp:3128";
const used = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href;

describe("the choice of a proxy", () => {
  test.each<[string, Record<string, string>, string]>([
    ["https://skills.example/x", { HTTPS_PROXY: proxy }, `${proxy}/`],
    ["https://skills.example", { https_proxy: proxy, HTTPS_PROXY: "http://other" }, `${proxy}/`],
    ["https://skills.example", { https_proxy: "", HTTPS_PROXY: proxy }, `${proxy}/`],
    ["http://skills.example", { HTTP_PROXY: proxy }, `${proxy}/`],
    ["http://skills.example", { http_proxy: "proxy.corp:3128" }, `${proxy}/`],
    ["https://skills.example", { HTTPS_PROXY: "https://me:pw@proxy.corp" }, "https://me:pw@proxy.corp/"],
  ])("a request to %s with %j goes through %s", (url, env, expected) => {
    expect(used(url, env)).toBe(expected);
  });

  test.each<[string, Record<string, string>]>([
    ["https://skills.example", {}],
    ["https://skills.example", { HTTPS_PROXY: " " }],
    ["https://skills.example", { HTTP_PROXY: proxy }],
    ["http://skills.example", { HTTPS_PROXY: proxy }],
    ...["http://localhost:4747", "http://127.0.0.1:4747", "http://127.9.9.9", "http://[::1]:4747"].map(
      (url): [string, Record<string, string>] => [url, { HTTP_PROXY: proxy }],
    ),
  ])("a request to %s with %j goes through no proxy", (url, env) => {
    expect(used(url, env)).toBeUndefined();
  });

  test.each(["socks5://proxy:1080", "http://", "ftp://proxy", "http://user:hunter2@"])(
    "a proxy of %s is refused, and its password is not repeated",
    (text) => {
      const attempt = () => used("https://skills.example", { HTTPS_PROXY: text });
      expect(attempt).toThrow(/HTTPS_PROXY must look like/);
      expect(attempt).not.toThrow(/hunter2/);
    },
  );
});

describe("NO_PROXY", () => {
  const isExempt = (url: string, NO_PROXY: string) =>
    used(url, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY }) === undefined;

  test.each([
    ["https://skills.example", "*"],
    ["https://skills.example", "skills.example"],
    ["https://skills.example", "a.test, skills.example ,b.test"],
    ["https://skills.example", "a.test skills.example"],
    ["https://a.skills.example", "skills.example"],
    ["https://a.skills.example", ".skills.example"],
    ["https://skills.example", ".skills.example"],
    ["https://a.skills.example", "*.skills.example"],
    ["https://Skills.Example", "SKILLS.example"],
    ["https://skills.example.", "skills.example"],
    ["https://skills.example", "skills.example:443"],
    ["http://skills.example", "skills.example:80"],
    ["https://skills.example:8443", "skills.example:8443"],
    ["https://10.0.0.1", "10.0.0.1"],
    ["https://[fd00::1]", "fd00::1"],
    ["https://[fd00::1]:8443", "[fd00::1]:8443"],
  ])("a request to %s goes directly with NO_PROXY=%s", (url, list) => {
    expect(isExempt(url, list)).toBe(true);
  });

  test.each([
    ["https://skills.example", ""],
    ["https://skills.example", ","],
    ["https://skills.example", "kills.example"],
    ["https://skills.example", "a.skills.example"],
    ["https://skills.example.evil.test", "skills.example"],
    ["https://skills.example", "skills.example:80"],
    ["https://skills.example:8443", "skills.example:443"],
    ["https://10.0.0.10", "10.0.0.1"],
  ])("a request to %s goes through the proxy with NO_PROXY=%s", (url, list) => {
    expect(isExempt(url, list)).toBe(false);
  });

  test("the variables of proxies may be in lower case", () => {
    const env = { https_proxy: proxy, no_proxy: "skills.example" };
    expect(used("https://skills.example", env)).toBeUndefined();
  });
});

import { describe, expect, test } from "vitest";
import { addressBelow, pathIssue } from "#catalog/raw/path.js";

const bases = [
  "https://api.example.com",
  "https://api.example.com/v3",
  "https://api.example.com:8443/tenants/acme",
  "http://127.0.0.1:4000/api",
  "inside://sandbox",
];

/** Undefined for a path that is refused. */
function sent(base: string, path: string): string | undefined {
  if (pathIssue(path) !== null) return undefined;
  return addressBelow(base, path.split("?")[0]!) ?? undefined;
}

/** Forms that lead elsewhere by themselves, or once a server or a proxy has decoded or tidied them. */
const hostile = [
  "",
  " ",
  "a",
  "..",
  "/..",
  "/../",
  "/../v2/users",
  "/./a",
  "/.",
  "/a/..",
  "/a/../../b",
  "/a/./b",
  "/a/b/..?x=1",
  "/%2e%2e/a",
  "/%2E%2E/a",
  "/.%2e/a",
  "/%2e./a",
  "/%2e",
  "/a/%2e%2e",
  "/%252e%252e/a",
  "/%25252e%25252e/a",
  "/%25%32%65%25%32%65/a",
  "/..%2fa",
  "/..%2Fa",
  "/a%2f..%2fb",
  "/a%2f%2e%2e%2fb",
  "/a%252f..%252fb",
  "/..%5ca",
  "/..\\a",
  "/\\..\\a",
  "/a\\b",
  "/%5c%5cevil.example",
  "\\\\evil.example\\a",
  "//evil.example/a",
  "///evil.example",
  "/a//b",
  "/%2fevil.example/a",
  "/a/%2f/b",
  "https://evil.example/a",
  "http:/evil.example",
  "//user:pass@evil.example",
  "@evil.example/a",
  ":80@evil.example",
  ".evil.example/a",
  ":8443/a",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "/a#b",
  "#",
  "?x=1",
  "/a\r\nHost: evil.example",
  "/a\nb",
  "/a\tb",
  "/a\u0000b",
  "/a%00b",
  "/a%0d%0ab",
  "/a%250ab",
  "/\t/evil.example",
  "/\u2028a",
  "/a b",
  "/ü",
  "/．．/a",
  "/%EF%BC%8E%EF%BC%8E/a",
  "/%e2%80%a5/a",
  "/a%EF%BC%8F..%EF%BC%8Fb",
  "/a%EF%BC%BCb",
  "/..;/a",
  "/..;x=1/a",
  "/.;/a",
  "/a/..%3b/b",
  "/..%20/a",
  "/%20../a",
  "/..%09/a",
  "/%c0%ae%c0%ae/a",
  "/%e9",
  "/%",
  "/%2",
  "/%zz",
  "/a%u002e",
  "/%25%25%25zz/%25zz/%252e%252e/",
  "/\ud800",
  "/a?b=1#c",
  "/a?b=\r\n",
  `/${"a".repeat(9_000)}`,
  `/%${"25".repeat(20)}2e`,
];

describe("paths of raw requests", () => {
  test.each(hostile)("the path %j is refused", (path) => {
    expect(bases.map((base) => sent(base, path))).toEqual(bases.map(() => undefined));
  });

  test.each([
    "/",
    "/a",
    "/a/",
    "/users/@me",
    "/documents/7:batchUpdate",
    "/projects/group%2Fproject/issues",
    "/files/caf%C3%A9%20menu.pdf",
    "/a/...",
    "/a/..b",
    "/a/b..",
    "/a/.hidden",
    "/100%25",
    "/what%3F/%23hash",
    "/Entity('a''b')/$value",
    "/a;v=1/b",
    "/a/b+c,d(e)!~*",
    "/a?url=https://other.example/../b&c=//d",
    "/a?q=a b ü '",
  ])("the path %j is sent as it is written", (path) => {
    for (const base of bases) expect(sent(base, path)).toBe(base + path.split("?")[0]);
  });

  test("no path leaves the base URL, whatever it is made of", () => {
    const parts = [
      ..."/ . .. // ; : @ # ? \\ & = % ' \" < > | ^ ` { } [ ]".split(" "),
      ...[
        "%2e",
        "%2E",
        "%2f",
        "%5c",
        "%25",
        "%252e",
        "%00",
        "%3f",
        "%23",
        "%40",
        "%3a",
        "%ef%bc%8e",
        "%c0%ae",
      ],
      ...[
        "a",
        "b1",
        "evil.example",
        "http:",
        "https://",
        "\t",
        "\n",
        " ",
        "．",
        "。",
        "／",
        "＼",
        "\u200b",
        "é",
        "\ud800",
      ],
    ];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    let count = 0;
    for (let round = 0; round < 40_000; round++) {
      const path = `/${Array.from({ length: 1 + random(7) }, () => parts[random(parts.length)]).join("")}`;
      for (const base of bases) {
        const address = sent(base, path);
        if (address === undefined) continue;
        count += 1;
        expectBelow(address, base);
        // Those on the way may decode it, and take backslashes for slashes.
        for (let text = path.split("?")[0]!, i = 0; i < 4; i++, text = decoded(text)) {
          expectBelow(base + text.replaceAll(/[?#]/g, "_").replaceAll("\\", "/"), base);
        }
      }
    }
    expect(count).toBeGreaterThan(1_000);
  });
});

function decoded(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function expectBelow(address: string, base: string): void {
  const [url, top] = [new URL(address), new URL(base)];
  const folder = top.pathname.replace(/\/$/, "");
  const isBelow =
    url.protocol === top.protocol &&
    url.host === top.host &&
    url.username === "" &&
    url.password === "" &&
    url.pathname.startsWith(`${folder}/`);
  expect(isBelow, `${address} is below ${base}`).toBe(true);
}

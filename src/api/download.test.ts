import { parse } from "content-disposition";
import { describe, expect, it } from "vitest";
import { download, typeOf } from "#api/download.js";

describe("a download", () => {
  it.each([
    ["notes-1.0.0.zip", "attachment; filename=notes-1.0.0.zip"],
    ["Ä b.html", "attachment; filename*=UTF-8''%C3%84%20b.html"],
    ["b; filename=c.html", 'attachment; filename="b; filename=c.html"'],
    ['a"b\\c.md', 'attachment; filename="a\\"b\\\\c.md"'],
    ["a'b(c)*.md", `attachment; filename="a'b(c)*.md"`],
    ["100%41.md", "attachment; filename*=UTF-8''100%2541.md"],
    ["a\r\nset-cookie: b=c.md", "attachment; filename*=UTF-8''a%0D%0Aset-cookie%3A%20b%3Dc.md"],
    ["日本.md", "attachment; filename*=UTF-8''%E6%97%A5%E6%9C%AC.md"],
  ])("a download keeps the name of its file: %s", (name, header) => {
    const { headers } = download(Buffer.from("x"), "text/plain", name);
    expect(headers?.["content-disposition"]).toBe(header);
    const { type, parameters } = parse(header);
    expect([type, parameters.filename]).toEqual(["attachment", name]);
  });

  it("a download is an attachment that no browser opens or runs, and no shared cache keeps", () => {
    expect(download(Buffer.from("x"), typeOf("page.html"), "page.html")).toEqual({
      body: Buffer.from("x"),
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-disposition": "attachment; filename=page.html",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-cache",
      },
    });
  });
});

describe("typeOf", () => {
  it.each([
    ["SKILL.md", "text/markdown; charset=utf-8"],
    ["scripts/run.PY", "text/x-python; charset=utf-8"],
    ["scripts/run.sh", "text/x-shellscript; charset=utf-8"],
    ["a.b/data.json", "application/json"],
    ["scripts/run.js", "text/plain; charset=utf-8"],
    ["scripts/run.MJS", "text/plain; charset=utf-8"],
    ["page.css", "text/plain; charset=utf-8"],
    ["data.yml", "application/yaml"],
    ["photo.JPEG", "image/jpeg"],
    ["drawing.svg", "image/svg+xml"],
    ["page.xhtml", "application/octet-stream"],
    ["page.htm", "application/octet-stream"],
    ["module.ts", "application/octet-stream"],
    ["a.md/LICENSE", "application/octet-stream"],
    [".md", "application/octet-stream"],
    ["constructor", "application/octet-stream"],
    ["a.__proto__", "application/octet-stream"],
    ["", "application/octet-stream"],
  ])("the media type of %j is %s", (file, type) => {
    expect(typeOf(file)).toBe(type);
  });
});

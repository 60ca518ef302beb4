import { describe, expect, it } from "vitest";
import { type Html, html } from "#core/html.js";

const hostile = `<script>alert("1")</script>&'x'`;
const harmless = "&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;x&#39;";

describe("html", () => {
  it.each([
    ["a text", hostile, harmless],
    ["a number", 7, "7"],
    ["what html made", html`<b>${hostile}</b>`, `<b>${harmless}</b>`],
    ["a list of what html made", [html`<i>`, html`${hostile}`], `<i>${harmless}`],
    ["nothing", "", ""],
  ])("html takes %s as a value", (_what, value, expected) => {
    expect(html`<p title="${value}">${value}</p>`.toString()).toBe(`<p title="${expected}">${expected}</p>`);
  });

  it.each([
    ["a list of texts", [hostile]],
    ["an object that looks like what html makes", { toString: (): string => hostile }],
  ])("html escapes %s, whatever its type said", (_what, value) => {
    expect(html`${value as unknown as Html}`.toString()).toBe(harmless);
  });

  it("html leaves backslashes and dollars of a value as they are", () => {
    expect(html`a\u0062${"\\u0063 $&"}`.toString()).toBe("ab\\u0063 $&#38;");
  });
});

import { expect, test } from "vitest";
import { markdownAddress } from "#http/markdown-address.js";

const address = "/v1/skills/github/create_issue";

test.each([
  [undefined, false],
  ["*/*", false],
  ["application/json", false],
  ["application/json, text/markdown;q=0.5", false],
  ["text/markdown;q=0, application/json", false],
  ["text/markdown", true],
  ["text/markdown, */*", true],
  ["application/json;q=0.5, text/markdown", true],
])("the page of an endpoint is Markdown for a client that accepts %j: %j", (accept, isMarkdown) => {
  expect(markdownAddress(address, accept)).toBe(isMarkdown ? `${address}.md` : address);
});

test.each([
  ["/v1/skills/github/create_issue?x=1", "/v1/skills/github/create_issue.md?x=1"],
  ["/v1/skills/github/create_issue.md", "/v1/skills/github/create_issue.md"],
  ["/v1/skills/github", "/v1/skills/github"],
  ["/v1/skills?q=a/b", "/v1/skills?q=a/b"],
  ["/v1/github/download", "/v1/github/download"],
])("a request for Markdown at %s leads to %s", (url, expected) => {
  expect(markdownAddress(url, "text/markdown")).toBe(expected);
});

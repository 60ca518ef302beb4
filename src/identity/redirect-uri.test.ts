import { expect, test } from "vitest";
import { redirectUriIssue } from "#identity/redirect-uri.js";

test.each([
  "https://app.example/cb?x=1",
  "http://127.0.0.1:49152/callback",
  "http://localhost/callback",
  "http://[::1]:3000/",
  "com.example.app:/callback",
  "com.example.app://callback",
  "cursor://anysphere.cursor-mcp/oauth/callback",
])("a browser may be sent to %s", (text) => {
  expect(redirectUriIssue(text)).toBeNull();
});

test.each([
  ["evil:/cb", "scheme evil:"],
  ["evil://cb.with.dots/path", "scheme evil:"],
  ["javascript:alert(1)", "scheme javascript:"],
  ["JavaScript:alert(1)", "scheme javascript:"],
  ["data:text/html,x", "scheme data:"],
  ["file:///etc/passwd", "scheme file:"],
  ["vbscript:x", "scheme vbscript:"],
  ["blob:https://app.example/x", "scheme blob:"],
  ["intent://x#Intent;end", "fragment"],
  ["https://user:pw@app.example/cb", "user name"],
  ["https://user@app.example/cb", "user name"],
  ["https://app.example@evil.example/cb", "user name"],
  ["com.example.app://user:pw@x/cb", "user name"],
  ["https://app.example/cb#part", "fragment"],
  ["https://app.example/cb#", "fragment"],
  ["https://*.example/cb", "wildcard"],
  ["https://app.example/*", "wildcard"],
  ["https://app.example\\@evil.example/", "no URI"],
  ["https://аpp.example/cb", "no URI"],
  [" https://app.example/cb", "no URI"],
  ["https://app.example/\u202egpj.exe", "no URI"],
  ["/callback", "no URI"],
  ["", "no URI"],
])("the redirect URI %j is refused: %s", (text, why) => {
  expect(redirectUriIssue(text)).toContain(why);
});

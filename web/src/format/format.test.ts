import { expect, test } from "vitest";
import { scopeInWords } from "#web/format/scopes.js";
import { browserInWords } from "#web/format/user-agent.js";

test.each([
  ["*", "Everything: all your connected accounts, now and later"],
  ["github", "GitHub: everything"],
  ["google-calendar", "Google Calendar: everything"],
  ["github.create_issue", "GitHub: create issue"],
  ["github.list_*", "GitHub: list_*"],
  ["github.*", "GitHub: everything"],
  ["gmail:read", "Gmail: read only"],
  ["github:destructive", "GitHub: everything, deleting too"],
  ["*:read", "Every connected account: read only"],
  ["github:unheard", "GitHub: unheard"],
])("the scope %s means “%s”", (scope, words) => {
  expect(scopeInWords(scope)).toBe(words);
});

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Linux"],
  [`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/140.0 Safari/537.36 Edg/140.0`, "Edge on Windows"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Firefox on macOS",
  ],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iOS"],
  ["curl/8.5.0", "Another program"],
  [null, "Another program"],
])("the user agent %s is shown as %s", (userAgent, words) => {
  expect(browserInWords(userAgent)).toBe(words);
});

import { expect, it } from "vitest";
import { covers } from "#core/scopes.js";
import { scopesChosen } from "#web/consent/scopes-chosen.js";

it("keeps what was kept, and never makes it more", () => {
  const kept = ["*", "github", "slack:read", "gmail.list_messages"];
  expect(scopesChosen(kept, false)).toEqual(kept);
  expect(scopesChosen(kept, true)).toEqual(["*:read", "github:read", "slack:read", "gmail.list_messages"]);
  expect(covers(kept, scopesChosen(kept, true))).toBe(true);
});

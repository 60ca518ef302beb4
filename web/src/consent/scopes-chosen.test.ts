import { expect, it } from "vitest";
import { covers } from "#core/scopes.js";
import { choicesFor, scopesChosen } from "#web/consent/scopes-chosen.js";

it("a choice keeps the scopes that were kept, and never gives more", () => {
  const kept = ["*", "github", "slack:read", "gmail.list_messages"];
  expect(scopesChosen(kept, false)).toEqual(kept);
  expect(scopesChosen(kept, true)).toEqual(["*:read", "github:read", "slack:read", "gmail.list_messages"]);
  expect(covers(kept, scopesChosen(kept, true))).toBe(true);
});

it("a request for everything is offered reading alone first", () => {
  expect(choicesFor(["github", "slack:read"])).toEqual(["github", "slack:read"]);
  expect(choicesFor(["*"])).toEqual(["*:read", "*"]);
  expect(choicesFor(["*", "github", "*:read"])).toEqual(["*:read", "github", "*"]);
});

import { expect, it } from "vitest";
import { covers } from "#core/scopes.js";
import { choicesFor, firstChosen, scopesChosen } from "#web/consent/scopes-chosen.js";

it("a choice keeps the scopes that were kept, and never gives more", () => {
  const kept = ["github", "slack:read", "gmail.list_messages", "slack:raw"];
  expect(scopesChosen(kept, false)).toEqual(kept);
  expect(scopesChosen(kept, true)).toEqual(["github:read", "slack:read", "gmail.list_messages", "slack:raw"]);
  expect(covers(kept, scopesChosen(kept, true))).toBe(true);
});

it("everything takes the place of all scopes but those for raw requests, which it does not contain", () => {
  expect(scopesChosen(["*:read", "github", "github:raw", "*"], true)).toEqual(["*", "github:raw"]);
});

it("a choice begins without everything, and without raw requests", () => {
  expect(firstChosen(["*:read", "github:raw", "github", "*"])).toEqual(["*:read", "github"]);
});

it("a request for everything is offered reading alone first", () => {
  expect(choicesFor(["github", "slack:read"])).toEqual(["github", "slack:read"]);
  expect(choicesFor(["*"])).toEqual(["*:read", "*"]);
  expect(choicesFor(["*", "github", "*:read"])).toEqual(["*:read", "github", "*"]);
});

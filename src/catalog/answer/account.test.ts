import { expect, test } from "vitest";
import { readAccount } from "#catalog/answer/account.js";

const read = (id: string, name: string, body: unknown) =>
  readAccount({ method: "GET", path: "/me", id, name }, body);
const body = { id: 0, team: { id: "T1" }, user: "$& {team.id}", mails: ["a@x.test"], blank: "", nil: null };

test.each<[string, string]>([
  ["id", "0"],
  ["team.id", "T1"],
  ["mails.0", "a@x.test"],
  ["{team.id}/{id}", "T1/0"],
  ["{user} at {team.id}", "$& {team.id} at T1"],
])("the form %s of an account reads %j", (form, text) => {
  expect(read(form, form, body)).toEqual({ id: text, name: text });
});

test.each(["nobody", "team", "mails", "blank", "nil", "{team.id}/{nobody}", "{blank}", "constructor"])(
  "the form %s names no account where the answer has no text for it",
  (form) => {
    expect(read("id", form, body)).toBeUndefined();
    expect(read(form, "id", body)).toBeUndefined();
  },
);

test("an answer that is no JSON object names no account", () => {
  for (const answer of [undefined, null, "text", 7, []]) expect(read("id", "id", answer)).toBeUndefined();
});

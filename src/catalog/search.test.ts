import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, test } from "vitest";
import type { Integration } from "#catalog/integration.js";
import { readCatalog } from "#catalog/load/load.js";
import { createSearch } from "#catalog/search.js";

const { integrations } = readCatalog(["integrations"]);
const searcher = createSearch(integrations);
const found = async (question: string) =>
  (await searcher.search(question)).endpoints.map(({ integration, name }) => `${integration}.${name}`);

test("a question that comes while the index is made is answered from it, and others run meanwhile", async () => {
  const { prepare, search } = createSearch(integrations);
  let turns = 0;
  let made = false;
  const making = prepare().then(() => {
    made = true;
  });
  const answer = search("file a bug");
  for (; !made; turns++) await nextTurn();
  expect(turns).toBeGreaterThan(2);
  await making;
  expect((await answer).endpoints[0]?.name).toBe("create_issue");
});

describe("answers", () => {
  it.each([
    ["by a misspelt name of its service", "list my lables in gmial", "gmail.list_labels"],
    ["by an address", "read https://github.com/acme/webapp/pull/7", "github.get_pull"],
    [
      "with the name of another product that it is about",
      "send an email about Salesforce",
      "gmail.send_email",
    ],
    ["in German", "lösche den Entwurf", "gmail.delete_draft"],
    ["in Italian", "mostra le mie etichette di posta", "gmail.list_labels"],
    ["on another day than in any ask", "cancel Sunday's meeting", "google-calendar.delete_event"],
  ])("a question is understood %s", async (_, question, endpoint) => {
    expect((await found(question))[0]).toBe(endpoint);
  });
});

describe("questions without an answer", () => {
  it.each([
    ["a job of another product", "comment on the issue in Jira"],
    [
      "a job that is lacking, said with more words",
      "start a huddle with all the people of the marketing channel",
    ],
    ["a job of daily life", "will it rain in Rome"],
    ["a courtesy", "thanks a lot"],
    ["words that nothing has", "banana bread"],
    ["nothing", ""],
  ])("a search finds nothing for %s", async (_, question) => {
    expect(await found(question)).toEqual([]);
  });
});

test("a search of a part finds what is in the part, and nothing else", async () => {
  const github = integrations.get("github")!;
  const only = (...names: string[]): ReadonlyMap<string, Integration> => {
    const endpoints = new Map([...github.endpoints].filter(([name]) => names.includes(name)));
    return new Map([...integrations, ["github", { ...github, endpoints }] as const]);
  };
  const question = "file a bug on github";
  const namesIn = async (visible: ReadonlyMap<string, Integration>) =>
    (await searcher.search(question, visible)).endpoints.map(({ name }) => name);
  expect((await namesIn(integrations))[0]).toBe("create_issue");
  expect((await namesIn(only("update_issue", "create_gist")))[0]).toBe("update_issue");
  const without = new Map([...integrations].filter(([slug]) => slug !== "github"));
  const { endpoints, integrations: shown } = await searcher.search("github issue", without);
  expect([...endpoints.map((it) => it.integration), ...shown.map(({ slug }) => slug)]).not.toContain(
    "github",
  );
  const within = await searcher.searchWithin(github, "show the open issues", only("list_issues"));
  expect(within.map(({ name }) => name)).toEqual(["list_issues"]);
});

import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { readCatalog } from "#catalog/load/load.js";
import { createSearch } from "#catalog/search.js";

const { integrations } = readCatalog(["integrations"]);

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

test("a misspelt name of a service shows what a question is about", async () => {
  const { search } = createSearch(integrations);
  const { endpoints } = await search("list my lables in gmial");
  expect(endpoints[0]).toMatchObject({ integration: "gmail", name: "list_labels" });
});

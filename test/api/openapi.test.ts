import stringify from "safe-stable-stringify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Skillett, startSkillett } from "#support/skillett.js";

let skillett: Skillett;
beforeAll(async () => {
  skillett = await startSkillett("sqlite");
});
afterAll(() => skillett?.close());

it("the description of the API is docs/openapi.json, so that every change of it is a visible diff", async () => {
  const { json } = await skillett.call("GET", "/openapi.json", { key: null });
  // By name, so that moving a route within the sources is no difference.
  await expect(`${stringify(json, null, 2)}\n`).toMatchFileSnapshot("../../docs/openapi.json");
});

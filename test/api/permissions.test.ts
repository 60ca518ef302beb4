import { expect, it } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { accessTable } from "./access-table.js";

/** The contract says who may; the access matrix has a list of its own, and tries it. Here both are compared. */

const routes = Object.entries(contract) as [keyof typeof contract, Route][];

/** Of these the row decides: one's own connections and keys need no permission, those of others do. */
const byOwner = ["connect", "listConnections", "updateConnection", "disconnect", "listApiKeys"];
/** What an agent was given is its own to read; a key of no agent needs the permission. */
const byAgent = [
  "getSkillIndex",
  "getOldSkillIndex",
  "getPublishedFile",
  "getOldPublishedFile",
  "getPublishedArchive",
];
const decidedByRow = [...byOwner, ...byAgent];

it("the permission of a route stands in the contract, but where it depends on the row", () => {
  const needed = (name: keyof typeof contract) => accessTable[name].needs;
  for (const [name, { permission }] of routes)
    if (!decidedByRow.includes(name)) expect([name, permission]).toEqual([name, needed(name)]);
  expect(
    routes.filter(([name, { permission }]) => !permission && needed(name)).map(([name]) => name),
  ).toEqual(decidedByRow);
});

it("a route with a permission wants to know who asks, and may answer forbidden", () => {
  for (const [name, { auth, permission, errors }] of routes)
    if (permission) expect([name, auth !== "none", errors.includes("forbidden")]).toEqual([name, true, true]);
});

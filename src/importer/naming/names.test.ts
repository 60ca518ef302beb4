import { expect, test } from "vitest";
import { nameOperations } from "#importer/naming/names.js";
import { described, imported, one } from "#support/imported.js";

test.each<[string, string, string, string]>([
  ["listPets", "get", "/pets", "list_pets"],
  ["pets/get", "get", "/pets/{id}", "get_pet"],
  ["shop.users.messages.list", "get", "/m", "list_user_messages"],
  ["PostCharges", "post", "/v1/charges", "create_charge"],
  ["PostChargesCharge", "post", "/v1/charges/{charge}", "update_charge"],
  ["get-users", "get", "/users", "list_users"],
  ["orders.reopen", "post", "/orders/{id}/reopen", "reopen_order"],
  ["", "get", "/v2/orders/{id}/lines", "list_order_lines"],
  ["", "delete", "/v2/orders/{id}", "delete_order"],
  ["__proto__", "get", "/things", "list_things"],
  ["../../etc", "patch", "/things/{id}", "update_thing"],
  ["download", "get", "/files/{id}/raw", "download_raw"],
  ["post-search", "post", "/v1/search", "search"],
  ["post-database-query", "post", "/v1/databases/{id}/query", "query_database"],
  ["9lives", "get", "/cats/{id}", "get_cat"],
])("the operation %j, %s %s, is named %s", (operationId, method, path, name) => {
  expect(one({ operationId, method, path }).names).toEqual([name]);
});

test("operations of one id, or of none, have names of their own", () => {
  const { names } = imported(
    described([
      { operationId: "list", path: "/pets" },
      { operationId: "list", path: "/pets/{id}" },
      { path: "/pets/{id}/toys" },
      { path: "/v2/pets/{id}/toys" },
      { path: "/v3/pets/{id}/toys" },
    ]),
  );
  expect(new Set(names).size).toBe(5);
});

test.each([
  ["list_children", "/groups/{id}/children", "a.ListChildren"],
  ["list_set_children", "/groups/{id}/sets/{id}/children", "b.ListChildren"],
  ["list_term_set_children", "/groups/{id}/terms/{id}/sets/{id}/children", "c.ListChildren"],
  ["count_children", "/groups/{id}/children/$count", "Get.Count.children-ad15"],
  ["count_set_children", "/groups/{id}/sets/{id}/children/$count", "Get.Count.children-91f5"],
  ["reopen_set", "/sets/{id}/shop.core.reopen", "sets.set.reopen"],
  ["create_reply", "/sets/{id}/shop.core.createReply", "sets.set.createReply"],
  ["get_application", "/applications/{id}", "applications.GetApplication"],
  ["get_application_by_app_id", "/applications(appId='{appId}')", "applications.GetApplication"],
  ["batch_read_contacts", "/2026-09/contacts/batch/read", "post-/contacts/batch/read"],
])("an operation among several is named %s", (name, path) => {
  const all = [
    ["get", "/groups/{id}/children", "a.ListChildren"],
    ["get", "/groups/{id}/sets/{id}/children", "b.ListChildren"],
    ["get", "/groups/{id}/terms/{id}/sets/{id}/children", "c.ListChildren"],
    ["get", "/groups/{id}/children/$count", "Get.Count.children-ad15"],
    ["get", "/groups/{id}/sets/{id}/children/$count", "Get.Count.children-91f5"],
    ["post", "/sets/{id}/shop.core.reopen", "sets.set.reopen"],
    ["post", "/sets/{id}/shop.core.createReply", "sets.set.createReply"],
    ["get", "/applications(appId='{appId}')", "applications.GetApplication"],
    ["get", "/applications/{id}", "applications.GetApplication"],
    ["post", "/2026-09/contacts/batch/read", "post-/contacts/batch/read"],
  ].map(([method, at, id]) => ({ method: method!.toUpperCase() as "GET", path: at!, id: id! }));
  const names = (operations: typeof all) => nameOperations(operations, new Set(["shop", "core"]));
  expect(names(all)[all.findIndex((it) => it.path === path)]).toBe(name);
  expect(names(all.toReversed()).toReversed()).toEqual(names(all));
});

test("names of an adversary are plain words, and never one of two", () => {
  const ids = [
    "__proto__",
    "constructor",
    "../../etc/passwd",
    "\u202egpj.exe",
    "x".repeat(10_000),
    "",
    "1",
    "é",
    "a\0b",
  ];
  const operations = ids.flatMap((id) =>
    ["/a", `/${id}`, "/{__proto__}", `/${"y/".repeat(500)}`].map((path) => ({
      method: "POST" as const,
      path,
      id,
    })),
  );
  const names = nameOperations(operations, new Set());
  expect(new Set(names).size).toBe(operations.length);
  expect(names.filter((name) => !/^[a-z][a-z0-9_]{0,110}$/.test(name))).toEqual([]);
});

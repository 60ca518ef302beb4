import { expect, test } from "vitest";
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

test.each<[string, string, string]>([
  ["get", "deleteThings", "read"],
  ["post", "searchThings", "read"],
  ["post", "createSearch", "write"],
  ["post", "deleteThings", "destructive"],
  ["delete", "removeThing", "destructive"],
  ["put", "getThing", "write"],
  ["patch", "updateThing", "write"],
])("a %s of the name %s is taken for a %s", (method, operationId, effect) => {
  const { names, endpoint } = one({ method, operationId });
  expect(endpoint(names[0]!).effect).toBe(effect);
});

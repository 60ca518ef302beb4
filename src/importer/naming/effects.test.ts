import { expect, test } from "vitest";
import type { HttpMethod } from "#catalog/schema.js";
import { effectOf, pathsThatComeBack } from "#importer/naming/effects.js";

const effects = (method: HttpMethod, path: string, name: string, text = "", id = "") =>
  effectOf({ method, path, name, id, text }, false);

test.each<[HttpMethod, string, string, string]>([
  ["GET", "/orders", "list_orders", "read"],
  ["GET", "/auth.revoke", "revoke_auth", "destructive"],
  ["GET", "/deleteThings", "delete_things", "destructive"],
  ["GET", "/views.publish", "publish_view", "write"],
  ["GET", "/drafts/{id}", "get_draft", "read"],
  ["GET", "/orders/{id}/delete", "get_order_delete", "destructive"],
  ["GET", "/delete-requests", "list_delete_requests", "read"],
  ["POST", "/search", "search", "read"],
  ["POST", "/databases/{id}/query", "query_database", "read"],
  ["POST", "/documents:batchGet", "batch_get_documents", "read"],
  ["POST", "/contacts/batch/read", "batch_read_contacts", "read"],
  ["POST", "/files/get_metadata", "get_metadata", "read"],
  ["POST", "/searches", "create_search", "write"],
  ["POST", "/messages/{id}/read", "get_message", "write"],
  ["POST", "/users/find_or_create", "find_or_create_user", "write"],
  ["POST", "/users/lookup/delete", "lookup_user", "destructive"],
  ["POST", "/orders/{id}/delete", "create_order_delete", "destructive"],
  ["POST", "/caches/{id}:purge", "purge_cache", "destructive"],
  ["POST", "/tokens/revoke", "revoke_token", "destructive"],
  ["POST", "/shifts/checkIn", "check_in", "write"],
  ["POST", "/orders", "create_order", "write"],
  ["PUT", "/orders/{id}", "get_order", "write"],
  ["PATCH", "/orders/{id}", "update_order", "write"],
  ["DELETE", "/orders/{id}", "delete_order", "destructive"],
  ["DELETE", "/orders/{id}/lock", "unlock_order", "write"],
  ["DELETE", "/apps/{id}", "uninstall_app", "destructive"],
])("%s %s of the name %s is taken for a %s", (method, path, name, effect) => {
  expect(effects(method, path, name).effect).toBe(effect);
});

test.each<[HttpMethod, string, string, string, boolean]>([
  ["DELETE", "/orders/{id}", "delete_order", "Delete an order", true],
  ["DELETE", "/orders/{id}", "delete_order", "Moves the order to the trash", false],
  ["DELETE", "/orders/{id}", "delete_order", "Archives the order. It can be restored.", false],
  ["DELETE", "/teams/{id}/members/{user}", "remove_team_member", "Remove a member", false],
  ["DELETE", "/teams/{id}", "remove_team", "This cannot be undone.", true],
  ["POST", "/messages/send", "send_message", "", true],
  ["POST", "/orders", "create_order", "", false],
  ["GET", "/orders", "list_orders", "Permanently deleted orders", false],
])("%s %s, %s, with the words %j: nothing brings it back: %s", (method, path, name, text, irreversible) => {
  expect(effects(method, path, name, text).irreversible).toBe(irreversible);
});

test("a thing that the description has a way back for can be brought back", () => {
  const comingBack = pathsThatComeBack(["/orders/{id}", "/orders/{id}/restore", "/users/{id}:undelete"]);
  expect([...comingBack]).toEqual(["/orders/{id}", "/users/{id}"]);
  const order = { method: "DELETE" as const, path: "/orders/{id}", name: "delete_order", id: "", text: "" };
  expect(effectOf(order, comingBack.has(order.path)).irreversible).toBe(false);
});

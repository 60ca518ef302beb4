import { describe, expect, it } from "vitest";
import type { Endpoint } from "#catalog/integration.js";
import { readCatalog } from "#catalog/load/load.js";
import type { Effect, ParamSchema } from "#catalog/schema.js";
import { decide, formerNames, type NewRoute, type StoredRoute } from "#integrations/changes.js";
import { gainsOf } from "#integrations/gains.js";
import { routeHash } from "#integrations/route-hash.js";
import { acme, withFiles } from "#support/catalog-fixtures.js";

const { integrations } = withFiles(acme, (dir) => readCatalog([dir]));
const endpoint = integrations.get("acme")!.endpoints.get("write_file")!;

const route = (name: string, effect: Effect = "read", change: Partial<Endpoint> = {}): NewRoute => ({
  name,
  effect,
  formerly: [],
  hash: routeHash({ ...endpoint, method: "GET", path: `/${name}`, ...change }),
});
const stored = (it: NewRoute, more: Partial<StoredRoute> = {}): StoredRoute => ({
  ...it,
  enabled: true,
  offReason: null,
  ...more,
});

describe("the switches after an import", () => {
  it("a first import has what reads on, and what writes off", () => {
    const { switches, gained } = decide(
      [],
      [route("list"), route("make", "write"), route("drop", "destructive")],
    );
    expect(Object.fromEntries(switches)).toEqual({
      list: { enabled: true, offReason: null },
      make: { enabled: false, offReason: "write" },
      drop: { enabled: false, offReason: "write" },
    });
    expect(gained.map((it) => it.route.name)).toEqual(["list"]);
  });

  it("endpoints that did not change keep their switch, new and changed ones are off with the reason", () => {
    const before = [
      stored(route("same")),
      stored(route("on", "write")),
      stored(route("owner"), { enabled: false, offReason: "owner" }),
      stored(route("effect")),
      stored(route("gone")),
    ];
    const { switches, changes } = decide(before, [
      route("same", "read", { summary: "Other words" }),
      route("on", "write"),
      route("owner", "write"),
      route("effect", "write"),
      route("new"),
    ]);
    expect(Object.fromEntries(switches)).toEqual({
      same: { enabled: true, offReason: null },
      on: { enabled: true, offReason: null },
      owner: { enabled: false, offReason: "owner" },
      effect: { enabled: false, offReason: "changed" },
      new: { enabled: false, offReason: "new" },
    });
    expect(changes).toEqual({
      added: ["new"],
      removed: ["gone"],
      changed: [
        { name: "owner", what: ["effect: read → write"] },
        { name: "effect", what: ["effect: read → write"] },
      ],
      renamed: [],
    });
  });

  it.each<[string, Partial<Endpoint>]>([
    ["request: GET /x → DELETE /x", { method: "DELETE" }],
    ["request: GET /x → GET /y", { path: "/y" }],
    ["base URL", { base: "uploads" }],
    ["params", { params: { ...endpoint.params, required: [] } }],
    ["how it is sent", { placements: {} }],
    ["how it is sent", { body: "form" }],
    ["how it is sent", { constants: { ...endpoint.constants, headers: { "x-on-behalf-of": "a" } } }],
    ["how it is sent", { repeatGuard: null }],
  ])("%s is a change", (what, change) => {
    expect(decide([stored(route("x"))], [route("x", "read", change)]).changes.changed).toEqual([
      { name: "x", what: [what] },
    ]);
  });

  it("words for readers are no change, and a param named description is no word", () => {
    const described = (schema: ParamSchema) => ({ ...endpoint.params, properties: { title: schema } });
    const hashOf = (schema: ParamSchema) => routeHash({ ...endpoint, params: described(schema) });
    expect(hashOf({ type: "string", description: "a" })).toBe(hashOf({ type: "string", description: "b" }));
    const named = (type: string) => ({ type: "object", properties: { description: { type } } });
    expect(hashOf(named("string"))).not.toBe(hashOf(named("integer")));
  });
});

describe("endpoints with another name", () => {
  it("one that is gone and one that is new with the same request are the same, which keeps its switch and old name", () => {
    const old = stored(route("fetch"), { formerly: ["first"] });
    const now = route("get", "read", { path: "/fetch" });
    expect(formerNames([old], [now])).toEqual(new Map([["get", ["first", "fetch"]]]));
    const { switches, changes } = decide([old], [now]);
    expect(switches.get("get")).toEqual({ enabled: true, offReason: null });
    expect(changes).toEqual({
      added: [],
      removed: [],
      changed: [],
      renamed: [{ from: "fetch", to: "get" }],
    });
  });

  it("two that make the same request are not taken for each other", () => {
    const both = [route("a", "read", { path: "/same" }), route("b", "read", { path: "/same" })];
    expect(
      decide(
        both.map((it) => stored(it)),
        [route("c", "read", { path: "/same" })],
      ).changes,
    ).toMatchObject({
      added: ["c"],
      removed: ["a", "b"],
    });
  });

  it("a name that another endpoint has now is not kept", () => {
    const old = [stored(route("a"), { formerly: ["b"] })];
    expect(formerNames(old, [route("a"), route("b")])).toEqual(new Map());
  });
});

describe("the keys that gain something", () => {
  const keys = [
    { key: "reader", scopes: ["*:read"] },
    { key: "all", scopes: ["*"] },
    { key: "other", scopes: ["github"] },
    { key: "some", scopes: ["acme.get_*", "acme:write"] },
  ];
  it("a key is named with how much it gains, and by which scope", () => {
    const { gained } = decide([], [route("get_a"), route("list_b"), route("make", "write")]);
    expect(gainsOf("acme", gained, keys)).toEqual([
      { key: "reader", endpoints: 2, by: ["*:read"] },
      { key: "all", endpoints: 2, by: ["*"] },
      { key: "some", endpoints: 1, by: ["acme.get_*"] },
    ]);
  });

  it("a key that could call an endpoint before gains nothing when it changes, but by its new effect", () => {
    const { gained } = decide([stored(route("x"))], [route("x", "write")]);
    expect(gainsOf("acme", gained, keys)).toEqual([{ key: "some", endpoints: 1, by: ["acme:write"] }]);
  });
});

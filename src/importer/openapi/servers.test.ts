import { describe, expect, test } from "vitest";
import { described, imported, one } from "#support/imported.js";

describe("servers", () => {
  test("variables of a server are settings of each connection", () => {
    const servers = [
      {
        url: "https://{region}.shop.example/{version}",
        variables: { region: { default: "eu", enum: ["eu", "us"] }, version: { default: "v1" } },
      },
    ];
    const components = { securitySchemes: { key: { type: "http", scheme: "bearer" } } };
    expect(one({}, { servers, components }).integration).toMatchObject({
      baseUrl: "https://{region}.shop.example/v1",
      settings: { region: { oneOf: ["eu", "us"], default: "eu" } },
    });
  });

  test("a variable has its usual value where nobody connects", () => {
    const servers = [
      { url: "https://{region}.shop.example", variables: { region: { default: "eu", enum: ["eu", "us"] } } },
    ];
    expect(one({}, { servers }).integration.baseUrl).toBe("https://eu.shop.example");
  });

  test.each([[[]], [[{ url: "/v1" }]], [[{ url: "https://" }]], [[{ url: "https://{host}/v1" }]]])(
    "a description with the servers %j needs an address",
    (servers) => {
      expect(() => one({}, { servers })).toThrow("base_url: is needed, such as https://api.example.com/v1: ");
    },
  );

  test.each([
    [
      [{ url: "http://shop.example/v1/" }],
      "https://shop.example/v1",
      "The server is given as http://shop.example/v1/",
    ],
    [
      [{ url: "https://a.example" }, { url: "https://b.example" }],
      "https://a.example",
      "Of 2 servers the description has",
    ],
  ])(
    "an address by http becomes one by https, and of several the first is used: %j",
    (servers, baseUrl, note) => {
      const { integration, report } = one({}, { servers });
      expect(integration.baseUrl).toBe(baseUrl);
      expect(report.notes.join()).toContain(note);
    },
  );

  test.each([
    ["/v2", "https://shop.example/v2"],
    ["./v2", "https://shop.example/docs/v2"],
    ["//api.shop.example/v2", "https://api.shop.example/v2"],
  ])("the relative address %s is that of the place of the description", (url, baseUrl) => {
    const text = described([{}], { servers: [{ url }] });
    const { integration } = imported({ text, fetchedFrom: "https://shop.example/docs/openapi.json" });
    expect(integration.baseUrl).toBe(baseUrl);
  });

  test.each([
    "inside://sandbox",
    "file:///etc",
    "https://user:pass@shop.example",
    "https://shop.example:{port}/v1",
    "{base}/v1",
    "https://{a}{b}",
  ])("no request goes to %s", (url) => {
    expect(() => one({}, { servers: [{ url }] })).toThrow("base_url: is needed");
  });

  test("a whole domain is nobody's to say: it has its usual value", () => {
    const servers = [{ url: "https://{domain}/api", variables: { domain: { default: "shop.example" } } }];
    const components = { securitySchemes: { key: { type: "http", scheme: "bearer" } } };
    expect(one({}, { servers, components }).integration).toMatchObject({
      baseUrl: "https://shop.example/api",
      settings: {},
    });
  });

  test("an operation with a server of its own has a base URL of its own", () => {
    const text = described([
      { path: "/a", operationId: "getA", servers: [{ url: "https://uploads.shop.example" }] },
      { path: "/b", operationId: "getB", servers: [{ url: "https://shop.example/v1" }] },
      { path: "/c", operationId: "getC", servers: [{ url: "https://{x}.shop.example" }] },
    ]);
    const { integration, plan, report } = imported(text);
    expect(integration.baseUrls).toEqual({ uploads: "https://uploads.shop.example" });
    expect(plan("get_a", {}).url).toBe("https://uploads.shop.example/a");
    expect(plan("get_b", {}).url).toBe("https://shop.example/v1/b");
    expect(report.leftOut).toEqual([
      { what: "operations: the address of their own server is not known", count: 1, examples: ["GET /c"] },
    ]);
  });
});

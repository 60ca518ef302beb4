import { describe, expect, test } from "vitest";
import { one } from "#support/imported.js";

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
});

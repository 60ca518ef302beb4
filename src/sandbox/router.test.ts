import Type from "typebox";
import { describe, expect, test } from "vitest";
import { RequestSignal } from "#core/request-signal.js";
import { done, Refusal } from "#sandbox/answer.js";
import { changes, reads } from "#sandbox/route.js";
import { createRouter } from "#sandbox/router.js";
import { strict } from "#sandbox/schemas.js";

/** Endpoint files of others may lead here as well: the service checks everything itself. */

const find = createRouter([
  reads(
    "/things",
    {
      query: strict({
        labels: Type.Optional(Type.Array(Type.String())),
        page: Type.Optional(Type.Integer()),
      }),
    },
    async () => done(),
  ),
  reads("/things/{}", {}, async () => done()),
  reads("/things.csv", {}, async () => done()),
  changes("PATCH /things/{}/parts/{}", { body: strict({ name: Type.String() }) }, async () => done()),
]);

const ask = (method: string, url: string, body: string | null = null) => {
  const { pathname: path, searchParams: query } = new URL(`inside://sandbox${url}`);
  return find({ tenantId: "t", method, path, query, body, signal: new RequestSignal() });
};

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) {
      const { status, body } = error.toAnswer();
      return { status, ...JSON.parse(body.toString()).error };
    }
    throw error;
  }
  throw new Error("it did not refuse");
}

describe("the routes of a service inside", () => {
  test("a route is found with its numbers, its query and its body", () => {
    expect(ask("GET", "/things/7")).toMatchObject({ ids: [7], query: {}, body: null });
    expect(ask("GET", "/things?labels=a&labels=b&page=2").query).toEqual({ labels: ["a", "b"], page: 2 });
    expect(ask("GET", "/things?labels=a").query).toEqual({ labels: ["a"] });
    expect(ask("PATCH", "/things/7/parts/8", '{"name":"x"}')).toMatchObject({
      ids: [7, 8],
      body: { name: "x" },
    });
  });

  test.each([
    ["/", 404],
    ["/thing", 404],
    ["/things/", 404],
    ["/things/0", 404],
    ["/things/01", 404],
    ["/things/-1", 404],
    ["/things/1e3", 404],
    ["/things/9999999999", 404],
    ["/things/%00", 404],
    ["/thingsxcsv", 404],
    ["/things/7/parts/8", 405],
    ["/things?page=x", 422],
    ["/things?pgae=1", 422],
    ["/things?__proto__=1", 422],
  ])("a GET of %s is refused with %i", (url, status) => {
    expect(refusal(() => ask("GET", url))).toMatchObject({ status });
  });

  test.each([
    [null, 422, "body must be an object, not null."],
    ["{", 400, "The body is no JSON."],
    ["[]", 422, "body must be an object, not an array."],
    ['{"name":1}', 422, "body.name must be a string, not a number."],
    ['{"name":"x","__proto__":1}', 422, "body.__proto__ is unknown."],
    ["{}", 422, "body.name is required."],
  ])("the body %s is refused with %i", (body, status, message) => {
    expect(refusal(() => ask("PATCH", "/things/7/parts/8", body))).toMatchObject({ status, message });
  });
});

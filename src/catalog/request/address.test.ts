import { expect, test } from "vitest";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

const matter = (url: string, more = "") => `summary: Send it there
request: POST {upload_url}
params:
  upload_url: { type: string, required: true, description: As the service has given it }
  part: { type: integer, in: query, description: Number of the part }
  text: { type: string, required: true, description: Content }
body: raw
media_type: text/plain
effect: write
scopes: []
returns: Nothing.
example:
  params: { upload_url: "${url}", text: hi }
  sends: { method: POST, url: /up/7, query: { sig: a+b }, raw: { media_type: text/plain, text: hi } }
${more}`;
const given = "https://api.acme.test/v1/up/7?sig=a%2Bb";
const { plan } = tryEndpoint(matter(given));

test("a request goes to the address that the service has given", () => {
  expect(endpointProblems(matter(given))).toEqual([]);
  expect(plan({ upload_url: given, text: "hi" })).toMatchObject({ method: "POST", url: given, body: "hi" });
});

test("a query of the endpoint goes behind that of the address", () => {
  expect(plan({ upload_url: given, text: "hi", part: 2 }).url).toBe(`${given}&part=2`);
});

test.each([
  "/v1/up/7",
  "https://api.acme.test/v2/up",
  "https://api.acme.test/v1",
  "https://api.acme.test/v12/up",
  "https://api.acme.test/v1/../admin",
  "https://api.acme.test/v1/%2e%2e/admin",
  "https://api.acme.test/v1/..\\admin",
  "http://api.acme.test/v1/up",
  "https://api.acme.test:8443/v1/up",
  "https://api.acme.test.evil.example/v1/up",
  "https://evil.example/https://api.acme.test/v1/up",
  "https://api.acme.test@evil.example/v1/up",
  "https://me:pw@api.acme.test/v1/up",
  "https://api.acme.test/v1/up#x",
  "//api.acme.test/v1/up",
  "javascript:alert(1)",
  "",
])("the address %j is none that the credential may go to", (url) => {
  const [issue] = paramIssues(plan, { upload_url: url, text: "hi" });
  expect(issue).toContain("must be an address below https://api.acme.test/v1");
});

test("an address is a string, and has its segments", () => {
  const wrong = matter(given).replace(
    "type: string, required: true, description: As",
    "type: integer, segments: 2, required: true, description: As",
  );
  expect(endpointProblems(wrong)).toEqual(
    expect.arrayContaining([
      expect.stringContaining("params.upload_url.type: an address is a string"),
      expect.stringContaining("params.upload_url.segments: an address has them already"),
    ]),
  );
});

test("a part of an address is no path", () => {
  expect(endpointProblems(matter(given).replace("{upload_url}", "{upload_url}/x"))[0]).toContain("request");
});

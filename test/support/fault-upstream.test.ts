import { once } from "node:events";
import { text } from "node:stream/consumers";
import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { png } from "#support/fault-routes.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";

let upstream: FaultUpstream;
beforeAll(async () => {
  upstream = await startFaultUpstream();
});
afterAll(() => upstream.close());

const get = (path: string, headers: Record<string, string> = {}) => request(upstream.url + path, { headers });

async function body(path: string, headers?: Record<string, string>): Promise<string> {
  return text((await get(path, headers)).body);
}

test.each([
  ["/json", 200, "application/json; charset=utf-8", '{"id":1,"name":"Octocat"}'],
  ["/text", 200, "text/plain; charset=utf-8", "Grüße"],
  ["/empty", 200, undefined, ""],
  ["/204", 204, undefined, ""],
  ["/304", 304, undefined, ""],
  ["/bignum", 200, "application/json", '{"id":12345678901234567890}'],
  ["/malformed", 200, "application/json", '{"id": 1, "name": '],
  ["/status/503", 503, "application/json; charset=utf-8", '{"message":"Status 503"}'],
  ["/nothing", 404, undefined, ""],
])("the path %s answers %d", async (path, status, type, expected) => {
  const answer = await get(path);
  expect([answer.statusCode, answer.headers["content-type"]]).toEqual([status, type]);
  expect(await answer.body.text()).toBe(expected);
});

test("bytes that are not UTF-8 arrive untouched", async () => {
  expect(Buffer.from(await (await get("/binary")).body.arrayBuffer())).toEqual(png);
  expect(Buffer.from(await (await get("/latin1")).body.arrayBuffer()).toString("latin1")).toBe("café");
});

test("/gzip is compressed and says so", async () => {
  expect(await (await fetch(`${upstream.url}/gzip`)).json()).toEqual({ zipped: true });
  expect((await get("/gzip")).headers["content-encoding"]).toBe("gzip");
});

test.each(["/truncated", "/truncated?chunked=1", "/reset"])("%s drops the connection", async (path) => {
  await expect(body(path)).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
});

test.each(["json", "text", "binary"])("/huge streams exactly the size asked for as %s", async (type) => {
  const answer = await get(`/huge?mb=2&type=${type}`);
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  expect(bytes.length).toBe(2 * 1024 * 1024);
  if (type === "json") expect(JSON.parse(bytes.toString())).toHaveLength(2048);
});

test("/hang notices that the client has gone", async () => {
  const client = new AbortController();
  const answer = request(`${upstream.url}/hang`, { signal: client.signal });
  await upstream.arrived("/hang");
  client.abort();
  await expect(answer).rejects.toThrow(/abort/);
  await upstream.abandoned("/hang");
});

test("/slow-body sends half a body and then nothing", async () => {
  const answer = await request(`${upstream.url}/slow-body`, { bodyTimeout: 20 });
  await expect(answer.body.text()).rejects.toThrow(/Body Timeout/);
  await upstream.abandoned("/slow-body");
});

test("/echo repeats what was sent", async () => {
  const answer = await request(`${upstream.url}/echo?a=1`, {
    method: "PUT",
    headers: { "x-b": "2" },
    body: "three",
  });
  expect(await answer.body.json()).toMatchObject({
    method: "PUT",
    path: "/echo?a=1",
    headers: { "x-b": "2" },
    body: "three",
  });
});

test("redirects are answered, not followed", async () => {
  const found = await get("/redirect?to=http://127.0.0.1:1/x");
  expect([found.statusCode, found.headers.location]).toEqual([302, "http://127.0.0.1:1/x"]);
  const moved = await request(`${upstream.url}/301-post`, { method: "POST" });
  expect([moved.statusCode, moved.headers.location]).toEqual([301, "/echo"]);
});

test("failures can end after a number of requests", async () => {
  const first = await get("/status/429?retry-after=7&times=1");
  expect([first.statusCode, first.headers["retry-after"]]).toEqual([429, "7"]);
  const second = await get("/status/429?retry-after=7&times=1");
  expect([second.statusCode, second.headers["retry-after"]]).toEqual([200, undefined]);
  expect(upstream.count("/status/429")).toBe(2);
});

test.each(["json", "text", "split"])("/leak gives the token away as %s", async (as) => {
  const leaked = await body(`/leak?as=${as}`, { authorization: "Bearer ghp_leaked" });
  expect(leaked).toContain("ghp_leaked");
  if (as !== "text") expect(() => JSON.parse(leaked)).not.toThrow();
});

test("/leak cuts the token between two chunks", async () => {
  const chunks: string[] = [];
  const answer = await get("/leak?as=split", { authorization: "Bearer ghp_leaked" });
  answer.body.on("data", (chunk) => chunks.push(String(chunk)));
  await once(answer.body, "end");
  expect(chunks.some((chunk) => chunk.includes("ghp_leaked"))).toBe(false);
  expect(chunks.join("")).toContain("ghp_leaked");
});

test("/leak can put the token in a header", async () => {
  const answer = await get("/leak?as=header", { authorization: "Bearer ghp_leaked" });
  expect(answer.headers["x-authorization"]).toBe("Bearer ghp_leaked");
  await answer.body.dump();
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { png } from "#support/fault-routes.js";
import { type FaultUpstream, startFaultUpstream } from "#support/fault-upstream.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Whatever a service answers, the caller gets a defined answer and the audit log a true row. */
onEachEngine("bodies of answers", (engine) => {
  let upstream: FaultUpstream;
  let skillett: Skillett;

  beforeAll(async () => {
    upstream = await startFaultUpstream();
    skillett = await startSkillett(engine, {
      env: { SKILLETT_ODD_BASE_URL: upstream.url, SKILLETT_UPSTREAM_TIMEOUT_SECONDS: "1" },
    });
    await skillett.connect("odd");
  });
  afterAll(async () => {
    await skillett.close();
    await upstream.close();
  });

  const get = (path: string, more: Record<string, unknown> = {}) =>
    skillett.call("POST", "/v1/odd/get_path", { body: { params: { path, ...more } } });
  const lastCall = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0];

  const whole = [
    { path: "json", answer: { status: 200, data: { id: 1, name: "Octocat" } } },
    { path: "text", answer: { status: 200, data: "Grüße" } },
    { path: "latin1", answer: { status: 200, data: "café" } },
    { path: "empty", answer: { status: 200, data: null } },
    { path: "204", answer: { status: 204, data: null } },
    { path: "304", answer: { status: 304, data: null } },
    { path: "gzip", answer: { status: 200, data: { zipped: true } } },
    { path: "malformed", answer: { status: 200, data: '{"id": 1, "name": ' } },
    { path: "status/404", answer: { status: 404, data: expect.anything() } },
    { path: "status/500", answer: { status: 500, data: expect.anything() } },
    {
      path: "binary",
      answer: { status: 200, data: png.toString("base64"), encoding: "base64", content_type: "image/png" },
    },
  ];
  for (const { path, answer } of whole) {
    it(`the answer of /${path} arrives whole, and the log has its status`, async () => {
      const reply = await get(path);
      expect(reply.status).toBe(200);
      expect(reply.headers.get("content-type")).toContain("application/json");
      expect(reply.json).toEqual(answer);
      expect(await lastCall()).toMatchObject({
        status: answer.status === 404 ? "refused_upstream" : "completed",
        upstream_status: answer.status,
        error: null,
      });
    });
  }

  it("every digit of a large number arrives", async () => {
    expect((await get("bignum")).text).toBe('{"status":200,"data":{"id":12345678901234567890}}');
  });

  const failures = [
    { path: "reset", status: 502, error: "upstream_unreachable" },
    { path: "truncated", status: 502, error: "upstream_unreachable" },
    { path: "hang", status: 504, error: "upstream_timeout" },
    { path: "slow-body", status: 504, error: "upstream_timeout" },
  ];
  for (const { path, status, error } of failures) {
    it(`a service that fails by /${path} is reported as ${error}`, async () => {
      const reply = await get(path, path === "reset" ? { times: 9 } : {});
      expect(reply).toMatchObject({ status, json: { error, retryable: true } });
      expect(reply.json.message).toContain("Odd");
      expect(await lastCall()).toMatchObject({ status: "failed", error });
    });
  }

  it("the error of a write that broke off says that it may have happened", async () => {
    const reply = await skillett.call("POST", "/v1/odd/post_path", { body: { params: { path: "reset" } } });
    expect(reply).toMatchObject({ status: 502, json: { error: "upstream_unreachable", retryable: false } });
    expect(reply.json.message).toContain("may have done");
  });

  it("a read is tried once more after a reset, and a write never", async () => {
    const before = upstream.count("/reset");
    expect((await get("reset", { times: before + 1 })).json.status).toBe(200);
    expect(upstream.count("/reset")).toBe(before + 2);
    await skillett.call("POST", "/v1/odd/post_path", { body: { params: { path: "reset" } } });
    expect(upstream.count("/reset")).toBe(before + 3);
  });

  it("a call is sent again after a short wait that the service asks for, and not after a long one", async () => {
    expect((await get("status/429", { retry_after: 0, times: 1 })).json.status).toBe(200);
    expect((await get("status/503", { retry_after: 600 })).json.status).toBe(503);
  });

  for (const type of ["json", "text", "binary"]) {
    it(`an answer of 5 MB of ${type} arrives whole`, async () => {
      const reply = await get("huge", { mb: 5, type });
      expect(reply.json.status).toBe(200);
      const { data } = reply.json;
      const size =
        type === "binary"
          ? Buffer.from(data, "base64").length
          : (typeof data === "string" ? data : reply.text.slice(21, -1)).length;
      expect(size).toBe(5 * 1024 * 1024);
      expect(await lastCall()).toMatchObject({ status: "completed", upstream_status: 200 });
    });
  }

  for (const as of ["json", "text", "split"]) {
    it(`the credential is masked where a service gives it away as ${as}`, async () => {
      const { text } = await get("leak", { as });
      expect(text).not.toContain("test-token-0123456789");
      expect(text).toContain("[credential]");
    });
  }

  it("a redirect is followed, but not to a link-local address", async () => {
    expect((await get("redirect", { to: "/json" })).json.data).toEqual({ id: 1, name: "Octocat" });
    const inside = await get("redirect", { to: "http://169.254.169.254/latest/meta-data" });
    expect(inside).toMatchObject({ status: 502, json: { error: "upstream_unreachable", retryable: false } });
  });

  it("the call of a client that goes away is cancelled", async () => {
    const gone = new AbortController();
    const call = fetch(`${skillett.url}/v1/odd/get_path`, {
      method: "POST",
      headers: { authorization: `Bearer ${skillett.key}`, "content-type": "application/json" },
      body: JSON.stringify({ params: { path: "slow-body", mb: 2 } }),
      signal: gone.signal,
    });
    const count = upstream.count("/slow-body");
    await expect.poll(() => upstream.count("/slow-body")).toBe(count + 1);
    gone.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(async () => (await lastCall()).status).toBe("cancelled");
  });
});

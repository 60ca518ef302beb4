import { afterAll, beforeAll, expect, it } from "vitest";
import { sendRequest } from "../api/wire-request.js";
import { type BadRequest, badMessages } from "./bad-messages.js";
import { badTransport } from "./bad-transport.js";
import { type McpStage, startMcpStage, triage } from "./mcp-stage.js";

/** Whatever comes in at `/mcp`: one clear refusal, nothing of our insides in it, and the server goes on. */

let stage: McpStage;
const keys: Record<string, string> = { unknown: `sk_${"0".repeat(32)}` };
beforeAll(async () => {
  stage = await startMcpStage("sqlite");
  const ada = await stage.join("Ada", [triage]);
  const [revoked, paused] = [await stage.join("Rex", []), await stage.join("Pia", [])];
  const { kysely } = stage.skillett.app.database;
  await kysely
    .updateTable("api_keys")
    .set({ revoked_at: Date.now() })
    .where("tenant_id", "=", revoked.tenantId)
    .execute();
  await kysely.updateTable("agents").set({ status: "paused" }).where("id", "=", paused.agentId).execute();
  const stranger = (await stage.join("Eve", [])).key;
  Object.assign(keys, { agent: ada.key, revoked: revoked.key, paused: paused.key, stranger });
});
afterAll(() => stage?.close());

it.each([...badMessages, ...badTransport])(
  "$name at /mcp gets one clear answer, and the server goes on",
  async ({ status, rpc, error, says, ...request }) => {
    const reply = await send(request);
    expect(reply.status, reply.text.slice(0, 500)).toBe(status);
    const { json } = reply;
    expect(json?.error?.code).toBe(rpc);
    if (error) expect(json.result ? JSON.parse(json.result.content[0].text).code : json.error).toBe(error);
    if (says) expect(reply.text).toContain(says);
    if (status === 401) expect(reply.headers.get("www-authenticate")).toContain("resource_metadata=");
    expect(reply.text).not.toMatch(/\.[jt]s:\d+|node_modules|sqlite|\bat [\w.]+ \(|sk_[0-9a-z]{9}/i);
    expect(reply.text).not.toContain(process.cwd());
    expect(reply.text.length).toBeLessThan(20_000);
    const next = await send({ body: '{"jsonrpc":"2.0","id":7,"method":"ping"}' });
    expect(next.json, "the server goes on").toEqual({ jsonrpc: "2.0", id: 7, result: {} });
  },
);

/** With the head of a right request, but for what is changed of it. */
async function send({ method = "POST", key = "agent", headers, body }: Partial<BadRequest>) {
  const all = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(key === null ? {} : { authorization: `Bearer ${keys[key]}` }),
    ...headers,
  };
  const given = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const { text, ...reply } = await sendRequest(
    stage.skillett.url,
    method,
    "/mcp",
    Object.fromEntries(given),
    body,
  );
  const event = /^data: (.*)$/m.exec(text)?.[1];
  return { ...reply, text, ...(event === undefined ? {} : { json: JSON.parse(event) }) };
}

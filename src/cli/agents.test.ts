import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#cli/stand-in.js";

const agent = { id: "a-1", slug: "triage-agent", name: "Triage agent", description: null, status: "active" };
const answers: Answers = ({ method }) =>
  method === "GET" ? { json: { agents: [agent] } } : { status: 201, json: { agent } };

test("agents lists them as the server does", async () => {
  const { code, stdout, received } = await runAgainst(answers, ["agents"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ agents: [agent] });
  expect(received).toMatchObject([{ method: "GET", url: "/v1/agents" }]);
});

test("agents create tells the command that binds a key to it", async () => {
  const result = await runAgainst(answers, ["agents", "create", "Triage agent", "--description", "Sorts."]);
  expect(JSON.parse(result.stdout)).toEqual({ agent });
  expect(result.stderr).toContain("skillett keys create triage-agent --agent triage-agent");
  expect(JSON.parse(result.sent[0]!.body)).toEqual({ name: "Triage agent", description: "Sorts." });
});

test("keys create --agent binds the key", async () => {
  const made: Answers = () => ({ status: 201, json: { api_key: { id: "key_1" }, full_key: "sk_x" } });
  const { sent } = await runAgainst(made, ["keys", "create", "triage", "--agent", "triage-agent"]);
  expect(JSON.parse(sent[0]!.body)).toMatchObject({ name: "triage", agent_id: "triage-agent" });
});

import { expect, test } from "vitest";
import { type Answers, runAgainst } from "#support/cli.js";

const agent = { id: "a-1", slug: "triage-agent", name: "Triage agent", description: null, status: "active" };
const answers: Answers = ({ method }) =>
  method === "GET" ? { json: { agents: [agent] } } : { status: 201, json: { agent } };

test("skillett agents lists agents as the server does", async () => {
  const { code, stdout, received } = await runAgainst(answers, ["agents"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ agents: [agent] });
  expect(received).toMatchObject([{ method: "GET", url: "/v1/agents" }]);
});

test("skillett agents create names the command that binds a key to the agent", async () => {
  const result = await runAgainst(answers, ["agents", "create", "Triage agent", "--description", "Sorts."]);
  expect(JSON.parse(result.stdout)).toEqual({ agent });
  expect(result.stderr).toContain("skillett keys create triage-agent --agent triage-agent");
  expect(JSON.parse(result.sent[0]!.body)).toEqual({ name: "Triage agent", description: "Sorts." });
});

test("skillett keys create --agent binds the key to the agent", async () => {
  const made: Answers = () => ({ status: 201, json: { api_key: { id: "key_1" }, full_key: "sk_x" } });
  const { sent } = await runAgainst(made, ["keys", "create", "triage", "--agent", "triage-agent"]);
  expect(JSON.parse(sent[0]!.body)).toMatchObject({ name: "triage", agent_id: "triage-agent" });
});

test("skillett agents addresses create shows the address this one time, and says so and how to use it", async () => {
  const made = { address: { id: "addr_1", name: "laptop" }, url: "https://skills.example.com/s/sa_x" };
  const args = ["agents", "addresses", "create", "triage-agent", "--name", "laptop", "--expires", "30d"];
  const { code, stdout, stderr, received, sent } = await runAgainst(
    () => ({ status: 201, json: made }),
    args,
  );
  expect({ code, json: JSON.parse(stdout) }).toEqual({ code: 0, json: made });
  expect(received).toMatchObject([{ method: "POST", url: "/v1/agents/triage-agent/addresses" }]);
  expect(JSON.parse(sent[0]!.body)).toEqual({ name: "laptop", expires_at: expect.stringMatching(/^\d{4}-/) });
  expect(stderr).toContain("shown this one time");
  expect(stderr).toContain("npx skills add <url>\n");
  expect(stderr).not.toContain("sa_x");
});

test("skillett agents addresses revoke takes an id, and never sends an address", async () => {
  const gone: Answers = () => ({ json: { address: { id: "addr_1" } } });
  const done = await runAgainst(gone, ["agents", "addresses", "revoke", "triage-agent", "addr_1"]);
  expect(done.received).toMatchObject([
    { method: "DELETE", url: "/v1/agents/triage-agent/addresses/addr_1" },
  ]);
  for (const secret of ["sa_x", "https://skills.example.com/s/sa_x"]) {
    const refused = await runAgainst(gone, ["agents", "addresses", "revoke", "triage-agent", secret]);
    expect([refused.code, refused.received]).toEqual([64, []]);
    expect(refused.stderr).not.toContain("sa_x");
  }
});

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/**
 * An agent without a model: it reports something as an issue on GitHub, unless there is an open one that says the same.
 * What it calls are the tools that a model would call, at the server's /mcp; it never sees a token of GitHub.
 *
 *   SKILLETT_URL=https://skills.example.com SKILLETT_API_KEY=sk_… npx tsx agent.ts acme/app "Title of the issue"
 */

const { SKILLETT_URL: url, SKILLETT_API_KEY: key } = process.env;
const [repo, title] = process.argv.slice(2);
if (!url || !key || !repo || !title) {
  process.stderr.write("Set SKILLETT_URL and SKILLETT_API_KEY, and name a repository and a title.\n");
  process.exit(2);
}

const client = new Client({ name: "report-once", version: "1.0.0" });
const requestInit = { headers: { authorization: `Bearer ${key}` } };
await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url), { requestInit }));
try {
  const open = (await run("list_issues_for_repo", { repo, state: "open" })) as Issue[];
  const same = open.find((issue) => issue.title === title);
  const issue = same ?? ((await run("create_issue", { repo, title })) as Issue);
  process.stdout.write(`${JSON.stringify({ created: same === undefined, number: issue.number, title })}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  await client.close();
}

interface Issue {
  number: number;
  title: string;
}

/**
 * Calls an endpoint of GitHub, and answers with its data. A refusal, ours or GitHub's, is a result too: its text says what
 * happened and what to do, which a model would read.
 */
async function run(endpoint: string, params: object): Promise<unknown> {
  const args = { integration: "github", endpoint, params, fields: "number,title" };
  const { isError, content } = await client.callTool({ name: "integration_run", arguments: args });
  const [answer] = content;
  const text = answer?.type === "text" ? answer.text : "";
  if (isError) throw new Error(text);
  return JSON.parse(text).data;
}

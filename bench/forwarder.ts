import Fastify from "fastify";
import { Pool } from "undici";

/**
 * The least a proxy of this shape can do, and what the cost of Skillett is measured against: no keys, no
 * limits, no audit log, no checks. It parses the body, sends the request and answers `{status, data}`.
 * Its upstream is `UPSTREAM_URL`; ends with stdin.
 */
const upstream = new Pool(process.env.UPSTREAM_URL!);
const headers = {
  authorization: "Bearer bench",
  "user-agent": "forwarder",
  accept: "application/vnd.github+json",
};

interface Call {
  Params: { endpoint: string };
  Body: { params: { repo: string } & Record<string, unknown> };
}

const app = Fastify({ keepAliveTimeout: 60_000 });
app.post<Call>("/v1/github/:endpoint", async (request) => {
  const { repo, ...rest } = request.body.params;
  const answer = await upstream.request(
    request.params.endpoint === "create_issue"
      ? {
          method: "POST",
          path: `/repos/${repo}/issues`,
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(rest),
        }
      : { method: "GET", path: `/repos/${repo}`, headers },
  );
  return { status: answer.statusCode, data: await answer.body.json() };
});

const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(`${JSON.stringify({ status: "ready", url })}\n`);
process.stdin.resume().once("end", () => process.exit());

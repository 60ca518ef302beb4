import { createServer } from "node:http";
import { listen } from "#support/loopback.js";
import { issue, repository, user } from "./github-answers.js";

/**
 * The service at the far end: a fixed answer of about 2 kB, as little work as Node allows, so that what is
 * measured is what stands before it. Ends with stdin.
 */
const answers: Record<string, { status: number; body: Buffer }> = {
  "GET /user": { status: 200, body: user },
  "GET /repos/acme/webapp": { status: 200, body: repository },
  "POST /repos/acme/webapp/issues": { status: 201, body: issue },
};

const server = createServer((request, response) => {
  const answer = answers[`${request.method} ${request.url}`] ?? { status: 404, body: Buffer.from("{}") };
  request.resume().once("end", () => {
    response.writeHead(answer.status, {
      "content-type": "application/json; charset=utf-8",
      "content-length": answer.body.length,
    });
    response.end(answer.body);
  });
});
server.keepAliveTimeout = 60_000;

process.stdout.write(`${JSON.stringify({ status: "ready", url: await listen(server) })}\n`);
process.stdin.resume().once("end", () => process.exit());

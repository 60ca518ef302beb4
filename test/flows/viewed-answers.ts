import { createServer } from "node:http";
import { closeServer, listen } from "#support/loopback.js";
import { bigNumber, list } from "./long-answers.js";

/** Answers of a service that only a view makes readable. */

const base64url = (text: string) => Buffer.from(text).toString("base64url");

const message = {
  id: "m1",
  payload: {
    mimeType: "multipart/alternative",
    headers: [
      { name: "FROM", value: "Ada <ada@acme.example>" },
      { name: "Subject", value: "Grüße" },
    ],
    parts: [
      { mimeType: "text/plain", body: { data: base64url("Bis morgen, Ada 🦊") } },
      { mimeType: "text/html", body: { data: base64url("<p>Bis <b>morgen</b>") } },
    ],
  },
};
export const readMessage = {
  id: "m1",
  from: "Ada <ada@acme.example>",
  subject: "Grüße",
  text: "Bis morgen, Ada 🦊",
};

/** A message so large that it is read on another thread. */
const largeHtml = `<div>${"<p>A line of <b>text</b>.</p>".repeat(12_000)}</div>`;

/** By path. */
const bodies: Record<string, { type?: string; status?: number; body: string }> = {
  "/json": { body: '{"id":1,"name":"Octocat"}' },
  "/big": {
    body: `{"id":${bigNumber},"title":1.10,"labels":[{"name":"bug"},{"name":"help wanted"}],"url":"https://x.example"}`,
  },
  "/items": { body: `{"id":${bigNumber},"items":${list(100)},"more":true}` },
  "/list": { body: '[{"id":1,"url":"a"},{"id":2,"url":"b"}]' },
  "/message": { body: JSON.stringify(message) },
  "/large": {
    body: JSON.stringify({
      id: "m2",
      payload: { mimeType: "text/html", body: { data: base64url(largeHtml) } },
    }),
  },
  "/other": { body: '{"nothing":"of it"}' },
  "/refused": { status: 422, body: '{"id":1,"message":"no"}' },
  "/text": { type: "text/plain", body: '{"id":1}' },
  "/12mb": { body: `["${"a".repeat(12_000_000)}"]` },
};

/** Serves them, whatever the method; `asked` tells how often. */
export async function startViewedAnswers() {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const { type = "application/json", status = 200, body = "" } = bodies[request.url ?? ""] ?? {};
    response.writeHead(status, { "content-type": type }).end(body);
  });
  return { url: await listen(server), asked: () => asked, close: () => closeServer(server) };
}

export const rawBody = (path: string): string => bodies[`/${path}`]!.body;

import { createServer } from "node:http";
import { closeServer, listen } from "#support/loopback.js";

/** Answers of a service that are more than somebody wants to read. */

export const bigNumber = "12345678901234567890";
const item = (id: number) => `{ "id": ${bigNumber}, "n": ${id}, "title": "Title ${id}", "price": 1.10 }`;
export const list = (count: number) =>
  `[\n${Array.from({ length: count }, (_, id) => item(id)).join(",\n")}\n]`;
export const longText = 'Grüße 🦊 "quoted"\n'.repeat(1_000);
export const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, at) => (at * 7) % 256));
export const mebibytes = (count: number) => `["${"a".repeat(count * 1024 * 1024)}"]`;

/** By path. */
export const bodies: Record<string, { type?: string; status?: number; body: string | Buffer }> = {
  "/json": { body: '{"id":1,"name":"Octocat"}' },
  "/twice": { body: '{"id":1,"id":2,"name":"Octocat"}' },
  "/list": { body: list(100) },
  "/google": { body: `{"kind":"calendar#events","items":${list(100)},"nextPageToken":"t"}` },
  "/object": { body: `{"id":${bigNumber},"text":${JSON.stringify(longText)}}` },
  "/text": { type: "text/plain; charset=utf-8", body: longText },
  "/binary": { type: "image/png", body: bytes },
  "/refused": { status: 422, body: `{"message":"no","errors":${list(100)}}` },
  "/3mb": { body: `[${`${"1".repeat(1_000)},`.repeat(3_000)}${bigNumber}]` },
  "/12mb": { body: mebibytes(12) },
  "/12mb-text": { type: "text/plain", body: longText.repeat(800) },
  "/12mb-binary": { type: "image/png", body: Buffer.alloc(12_000_000, bytes) },
};

/** Serves them, whatever the method; `asked` tells how often. */
export async function startLongAnswers() {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const {
      type = "application/json",
      status = 200,
      body = "",
    } = bodies[request.url?.split("?")[0] ?? ""] ?? {};
    response.writeHead(status, { "content-type": type }).end(body);
  });
  return { url: await listen(server), asked: () => asked, close: () => closeServer(server) };
}

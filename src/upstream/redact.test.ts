import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createRedactor } from "#upstream/redact.js";

const secret = 'ghp_a/b+c"d';
const { buffer, stream } = createRedactor([secret, "second-secret"]);

const streamed = (chunks: Buffer[]) => text(Readable.from(chunks).pipe(stream()));

const written = [
  ["as it is", secret],
  ["in JSON", JSON.stringify(secret).slice(1, -1)],
  ["in JSON with slashes escaped", JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/")],
  ["in a URL", encodeURIComponent(secret)],
] as const;

test.each(written)("masks a secret %s", (_, spelling) => {
  const around = (inner: string) => `before ${inner} between ${inner}${inner} after`;
  expect(buffer(Buffer.from(around(spelling))).toString()).toBe(around("[credential]"));
});

test.each(written)("masks a secret %s wherever a stream is cut", async (_, spelling) => {
  const bytes = Buffer.from(`äöü ${spelling} and second-secret.`);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await streamed([bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(
      "äöü [credential] and [credential].",
    );
  }
});

test("masks in a stream that comes byte by byte", async () => {
  const bytes = Buffer.from(`${secret}x${secret.slice(0, -1)}y${secret}`);
  expect(await streamed([...bytes].map((byte) => Buffer.from([byte])))).toBe(
    `[credential]x${secret.slice(0, -1)}y[credential]`,
  );
});

test("leaves everything else byte for byte", async () => {
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256));
  expect(buffer(bytes).equals(bytes)).toBe(true);
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from([bytes, bytes]).pipe(stream())) chunks.push(chunk);
  expect(Buffer.concat(chunks).equals(Buffer.concat([bytes, bytes]))).toBe(true);
});

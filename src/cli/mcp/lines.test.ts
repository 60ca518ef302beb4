import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createLineReader } from "#cli/mcp/lines.js";

/** The lines that are handed on, and the replies that are sent at once. */
async function read(input: string | Buffer, cut = 7) {
  const replies: { id: unknown; error: { code: number } }[] = [];
  const reader = createLineReader(1000, (line) => replies.push(JSON.parse(line)));
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += cut) reader.write(bytes.subarray(at, at + cut));
  reader.end();
  return { lines: (await text(reader)).split("\n").filter((line) => line !== ""), replies };
}
const list = (more: object) => JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/list", ...more });

test.each([
  ["params", { params: null }, {}],
  ["a cursor", { params: { cursor: null } }, { params: {} }],
  ["_meta", { params: { _meta: null } }, { params: {} }],
  [
    "arguments",
    { method: "tools/call", params: { name: "x", arguments: null } },
    { method: "tools/call", params: { name: "x" } },
  ],
])("%s of null counts as left out", async (_, given, meant) => {
  const { lines, replies } = await read(`${list(given)}\n`);
  expect(lines.map((line) => JSON.parse(line))).toEqual([JSON.parse(list(meant))]);
  expect(replies).toEqual([]);
});

test.each([
  '{"jsonrpc":"1.0","id":7,"method":"ping"}',
  '{"jsonrpc":"2.0","id":7}',
  '{"id":7,"method":"ping"}',
  '{"jsonrpc":"2.0","id":7,"method":5}',
  '{"jsonrpc":"2.0","id":7,"method":"ping","params":"x"}',
  '{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}',
  '[{"jsonrpc":"2.0","id":7}]',
])("a request that cannot be read is answered by its id: %s", async (line) => {
  const { lines, replies } = await read(`${list({ id: 1 })}\n${line}\n${list({ id: 2 })}\n`);
  expect(lines.map((one) => JSON.parse(one).id)).toEqual([1, 2]);
  expect(replies).toMatchObject([{ id: 7, error: { code: -32600 } }]);
});

test("an id that cannot be one is answered as null", async () => {
  expect((await read('{"jsonrpc":"2.0","id":{},"method":"ping"}\n')).replies).toMatchObject([{ id: null }]);
});

test("a batch is read message by message, and each message of too large a batch is refused", async () => {
  const batch = (count: number) => `[${Array.from({ length: count }, (_, id) => list({ id })).join(",")}]\n`;
  expect((await read(batch(3))).lines.map((line) => JSON.parse(line).id)).toEqual([0, 1, 2]);
  const reader = createLineReader(100_000, () => {});
  const replies: unknown[] = [];
  const bounded = createLineReader(100_000, (line) => replies.push(JSON.parse(line)));
  bounded.end(batch(51));
  reader.destroy();
  expect(await text(bounded)).toBe("");
  expect(replies).toHaveLength(51);
});

test.each([
  ["method", { method: "x".repeat(9_000) }],
  ["params.uri", { method: "resources/read", params: { uri: `skill://${"x".repeat(9_000)}` } }],
])("a request with a long %s is refused at once, and shortly", async (at, more) => {
  const replies: unknown[] = [];
  const reader = createLineReader(100_000, (line) => replies.push(JSON.parse(line)));
  reader.end(`${list(more)}\n${list({ id: 8 })}\n`);
  expect((await text(reader)).trim()).toBe(list({ id: 8 }));
  const message = `The message has over 8192 characters in ${at}.`;
  expect(replies).toEqual([{ jsonrpc: "2.0", id: 7, error: { code: -32600, message } }]);
});

test.each([
  "no JSON",
  "null",
  "42",
  "[]",
  '{"jsonrpc":"2.0","result":{},"id":54}',
  '{"jsonrpc":"2.0","method":"notifications/x"}',
])("a line that asks nothing gets no answer: %s", async (line) =>
  expect((await read(`${line}\n`)).replies).toEqual([]),
);

test("characters stay whole however the bytes are cut, and a line that is too long is handed on", async () => {
  const line = list({ method: "grüße 😀" });
  expect((await read(`${line}\n`, 1)).lines).toEqual([line]);
  const long = "x".repeat(5000);
  expect((await read(`${long}\n${line}\n`)).lines).toEqual([long, line]);
  expect((await read(`${line}`)).lines).toEqual([line]);
});

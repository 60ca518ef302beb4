import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { createJsonCheck, maxStreamedDepth } from "#gateway/json-check.js";

/** Reads it all and keeps nothing. */
function check(chunks: Iterable<string | Buffer>): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return pipeline(Readable.from(chunks, { objectMode: false }), createJsonCheck(), nowhere);
}

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

test("lists nested too deeply break off before they cost memory", async () => {
  await check([nested(maxStreamedDepth)]);
  await check([`[${`${nested(maxStreamedDepth - 1)},`.repeat(1_000)}1]`]);
  await expect(check([nested(maxStreamedDepth + 1)])).rejects.toThrow("too deep");
  const mebibyte = Buffer.alloc(1_048_576, "[");
  let taken = 0;
  function* brackets() {
    for (; taken < 21; taken++) yield mebibyte;
  }
  await expect(check(brackets())).rejects.toThrow("too deep");
  expect(taken).toBeLessThan(5);
});

test.each(["text", "number"])("a %s without end breaks off", async (kind) => {
  const mebibyte = Buffer.alloc(1_048_576, kind === "text" ? "a" : "1");
  function* endless() {
    yield kind === "text" ? '["' : "[1";
    for (let at = 0; at < 20; at++) yield mebibyte;
  }
  await expect(check(endless())).rejects.toThrow("too long");
});

test("many short tokens may be as long as they like together", async () => {
  const row = Buffer.from(`{"id":12345678901234567890,"name":"${"a".repeat(100)}"},`.repeat(5_000));
  function* rows() {
    yield "[";
    for (let at = 0; at < 40; at++) yield row;
    yield "1]";
  }
  await check(rows());
});

test.each(["", "  ", "[1,", '{"a":1,}', "[1]]", '{"a" "b"}'])("%j is refused as no JSON", async (text) => {
  await expect(check([text])).rejects.toThrow("Malformed JSON");
});

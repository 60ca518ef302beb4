import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { envelope, mediaType, streamedEnvelope } from "#gateway/envelope.js";

const of = (type: string, body: string | Buffer) => envelope(200, mediaType(type), Buffer.from(body));

async function streamed(type: string, chunks: Buffer[]): Promise<string> {
  const { prefix, writer, suffix } = streamedEnvelope(200, mediaType(type), chunks[0]!);
  return prefix + (await text(Readable.from(chunks).pipe(writer))) + suffix;
}

test.each([
  ["application/json", '{"id":12345678901234567890}', '{"status":200,"data":{"id":12345678901234567890}}'],
  ["application/vnd.github+json; charset=utf-8", "[1.10]", '{"status":200,"data":[1.10]}'],
  ["application/json", '\ufeff{"a":1}', '{"status":200,"data":{"a":1}}'],
  ["application/json", '{"a":', '{"status":200,"data":"{\\"a\\":"}'],
  ["application/json", "", '{"status":200,"data":null}'],
  ["text/plain", '"quoted"\n', '{"status":200,"data":"\\"quoted\\"\\n"}'],
  ["text/csv", "a,b", '{"status":200,"data":"a,b"}'],
  ["image/svg+xml", "<svg/>", '{"status":200,"data":"<svg/>"}'],
  ["", '{"a":1}', '{"status":200,"data":{"a":1}}'],
  ["", "plain", '{"status":200,"data":"plain"}'],
  ["text/plain; charset=nonsense", "ok", '{"status":200,"data":"ok"}'],
])("an answer of type %j with the body %j becomes %s", (type, body, expected) => {
  expect(of(type, body)).toBe(expected);
});

test("an answer that is no text is Base64 and says so", () => {
  expect(JSON.parse(of("image/png", Buffer.from([0x89, 0xff])))).toEqual({
    status: 200,
    encoding: "base64",
    content_type: "image/png",
    data: "if8=",
  });
  expect(JSON.parse(of("", Buffer.from([0x89, 0xff])))).toMatchObject({
    content_type: "application/octet-stream",
  });
});

describe("streamed answers", () => {
  const bytes = Buffer.from('Grüße 🦊 "quoted"\\\n');
  test.each(["text/plain", "application/octet-stream"])("streamed %s is the same as whole", async (type) => {
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(await streamed(type, [bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(of(type, bytes));
    }
  });

  test("streamed JSON is passed through as it is", async () => {
    const body = Buffer.from('{"a":[1.10,"x\\u0041",{}],"b":12345678901234567890}');
    for (let cut = 1; cut < body.length; cut++) {
      expect(await streamed("application/json", [body.subarray(0, cut), body.subarray(cut)])).toBe(
        `{"status":200,"data":${body}}`,
      );
    }
  });

  test.each(['{"a":1', "[1,]", '{"a" 1}', "[1] [2]", "{,}", "nul", '{"a":1}}', "[1}", "", "[01]"])(
    "a streamed answer that is not JSON breaks off: %j",
    async (body) => {
      const chunks = [Buffer.from(body.slice(0, 1)), Buffer.from(body.slice(1))];
      await expect(streamed("application/json", chunks)).rejects.toThrow("Malformed JSON");
    },
  );
});

test("charset names are read in every spelling", () => {
  expect(mediaType('Text/HTML ; Charset="ISO-8859-1"')).toEqual({ type: "text/html", charset: "ISO-8859-1" });
  expect(mediaType(undefined)).toEqual({ type: "", charset: "utf-8" });
});

test("an answer that is nested too deeply to be parsed is text", () => {
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  expect(of("application/json", deep(10_000))).toBe(`{"status":200,"data":${deep(10_000)}}`);
  expect(of("application/json", deep(10_001))).toBe(`{"status":200,"data":"${deep(10_001)}"}`);
});

test("a refusal stands before the data, and everything else behind it", () => {
  const beside = { refused: { message: "no" }, hint: { message: "because" }, page: { retry_after: 3 } };
  const end = ',"hint":{"message":"because"},"page":{"retry_after":3}}';
  const media = mediaType("application/json");
  expect(envelope(200, media, Buffer.from("1"), beside)).toBe(
    `{"status":200,"refused":{"message":"no"},"data":1${end}`,
  );
  expect(envelope(200, mediaType("image/png"), Buffer.from("a"), beside)).toBe(
    `{"status":200,"refused":{"message":"no"},"encoding":"base64","content_type":"image/png","data":"YQ=="${end}`,
  );
  const { prefix, suffix } = streamedEnvelope(200, media, Buffer.from("1"), beside);
  expect([prefix, suffix]).toEqual(['{"status":200,"refused":{"message":"no"},"data":', end]);
});

import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addArchiveParsers, readArchiveBody } from "#http/archive-body.js";
import { sendError } from "#http/errors.js";

const archive = Buffer.from([0x50, 0x4b, 0, 255, 13, 10]);
const tooMuch = 50 * 1024 * 1024 + 1;
let server: FastifyInstance;

beforeEach(async () => {
  server = Fastify();
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply, "http://localhost"));
  await server.register(async (scope) => {
    await addArchiveParsers(scope);
    scope.post("/", async (request) => ({ hex: (await readArchiveBody(request)).toString("hex") }));
  });
});

afterEach(() => server.close());

async function post(type: string | undefined, payload: Buffer | string) {
  const headers = type === undefined ? {} : { "content-type": type };
  const reply = await server.inject({ method: "POST", url: "/", headers, payload });
  return { status: reply.statusCode, body: reply.json() };
}

const type = "multipart/form-data; boundary=line";
const part = (name: string, bytes: Buffer, filename = "skills.zip") =>
  Buffer.concat([
    Buffer.from(
      `--line\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: application/zip\r\n\r\n`,
    ),
    bytes,
    Buffer.from("\r\n"),
  ]);
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from("--line--\r\n")]);

test.each([
  "application/zip",
  "application/gzip",
  "application/x-gzip",
  "application/x-tar",
  "application/octet-stream",
])("a body of %s is read as an archive", async (type) => {
  expect(await post(type, archive)).toEqual({ status: 200, body: { hex: archive.toString("hex") } });
});

test("the field file of a form is read as an archive, beside other fields", async () => {
  const text = Buffer.from('--line\r\ncontent-disposition: form-data; name="note"\r\n\r\nhello\r\n');
  const body = form(text, part("file", archive));
  expect(await post(type, body)).toEqual({ status: 200, body: { hex: archive.toString("hex") } });
});

test.each<[string, string | undefined, Buffer | string, string]>([
  ["nothing", undefined, "", "body: has no archive"],
  ["an empty body", "application/zip", "", "body: has no archive"],
  ["JSON", "application/json", "{}", "header content-type: must be application/zip"],
  ["a form without the field", type, form(part("other", archive)), "body: has no archive"],
  ["a form with an empty file", type, form(part("file", Buffer.alloc(0))), "body: has no archive"],
  ["two files", type, form(part("file", archive), part("file", archive)), "body: must have one file only"],
  ["a form cut off", type, part("file", archive).subarray(0, 90), "body: is not a readable form"],
])("%s is refused as an archive", async (_name, type, payload, says) => {
  const { status, body } = await post(type, payload);
  expect([status, body.message]).toEqual([400, expect.stringContaining(says)]);
});

test.each([
  ["application/zip", Buffer.alloc(tooMuch)],
  [type, form(part("file", Buffer.alloc(tooMuch)))],
])("a %s over 50 MB is refused", async (type, payload) => {
  expect(await post(type, payload)).toMatchObject({ status: 413, body: { error: "payload_too_large" } });
});

import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { uploadOf } from "#http/upload-body.js";

test("a body that breaks off is an error of the client, and no failure of the server", async () => {
  async function* body() {
    yield Buffer.from("the beginning");
    throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  }
  const request = { headers: {}, body: Readable.from(body()) } as unknown as FastifyRequest;
  const { bytes } = uploadOf(request, {} as FastifyReply);
  const read = async () => {
    for await (const piece of bytes) expect(piece.toString()).toBe("the beginning");
  };
  await expect(read()).rejects.toMatchObject({ code: "bad_request", cause: { code: "ECONNRESET" } });
});

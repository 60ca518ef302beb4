import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, it, test } from "vitest";
import { addWeb } from "#http/web.js";

let server: FastifyInstance;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "skillett-web-"));
  server = Fastify();
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function serveBuilt(): Promise<void> {
  await mkdir(path.join(folder, "assets"));
  await writeFile(path.join(folder, "index.html"), "<!doctype html>the pages");
  await writeFile(path.join(folder, "assets/main-abc123.js"), "run()");
  await writeFile(path.join(folder, "assets/main-abc123.js.br"), brotliCompressSync("run()"));
  await writeFile(path.join(folder, "secret.txt"), "top secret");
  await addWeb(server, folder);
}

test.each([
  "/",
  "/sign-in?next=%2Fdevice",
  "/device?user_code=BCDF-GHJK",
  "/accept-invitation/42",
  "/account",
  "/dashboard/api-keys",
])("%s answers with the document, which is kept nowhere and may run only our scripts", async (url) => {
  await serveBuilt();
  const { statusCode, body, headers } = await server.inject(url);
  expect([statusCode, body]).toEqual([200, "<!doctype html>the pages"]);
  expect(headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  expect(headers).not.toHaveProperty("etag");
  const policy = headers["content-security-policy"];
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
});

it("an asset is kept for a year, and sent compressed to those who can take it", async () => {
  await serveBuilt();
  const plain = await server.inject("/assets/main-abc123.js");
  expect(plain.body).toBe("run()");
  expect(plain.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-type": expect.stringContaining("javascript"),
  });
  const small = await server.inject({
    url: "/assets/main-abc123.js",
    headers: { "accept-encoding": "gzip, br" },
  });
  expect(small.headers).toMatchObject({
    "content-encoding": "br",
    "content-type": plain.headers["content-type"],
    vary: expect.stringContaining("accept-encoding"),
  });
});

test.each([
  "/assets/none.js",
  "/assets/",
  "/assets/../secret.txt",
  "/assets/..%2fsecret.txt",
  "/assets/%2e%2e/secret.txt",
  "/secret.txt",
  "/other",
])("%s gives no file of the folder", async (url) => {
  await serveBuilt();
  const { statusCode, body } = await server.inject(url);
  expect([403, 404]).toContain(statusCode);
  expect(body).not.toContain("top secret");
});

it("a missing build is reported, and served as soon as there is one", async () => {
  await addWeb(server, folder);
  const before = await server.inject("/sign-in");
  expect(before.statusCode).toBe(503);
  expect(before.body).toContain("npm run build");
  await writeFile(path.join(folder, "index.html"), "built");
  expect((await server.inject("/sign-in")).body).toBe("built");
});

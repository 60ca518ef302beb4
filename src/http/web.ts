import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { pageHeaders } from "#core/html.js";

/** Addresses of the web pages: all answer with the one document, whose script shows the right page. */
const pages = [
  "/",
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/reset-password",
  "/device",
  "/consent",
  "/accept-invitation/:id",
  "/account",
  "/dashboard",
  "/dashboard/*",
];

const documentHeaders = {
  ...pageHeaders,
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
};

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Skillett</title>
<h1>The web pages are not built</h1>
<p>This server runs from its sources. Run <code>npm run build</code> and load this page again.</p>
</html>
`;

/** Where the build puts the pages: beside the bundled server, or beside the sources it runs from. */
export function builtWeb(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = ["web", "../../dist/web"].map((relative) => path.join(here, relative));
  return candidates.find((candidate) => existsSync(path.join(candidate, "index.html"))) ?? candidates[1]!;
}

/** Serves the web pages from a folder that `vite build` has made. */
export async function addWeb(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: path.join(folder, "assets"),
    prefix: "/assets/",
    // A changed file gets a new name.
    maxAge: "1y",
    immutable: true,
    index: false,
    preCompressed: true,
    schemaHide: true,
    setHeaders: (reply) => {
      reply.header("x-content-type-options", "nosniff");
    },
  });
  for (const page of pages) {
    server.get(page, { schema: { hide: true } }, async (_request, reply) => {
      reply.headers(documentHeaders);
      // Looked for each time: a build may come while the server runs.
      if (!existsSync(path.join(folder, "index.html"))) return reply.code(503).send(notBuilt);
      return reply.sendFile("index.html", folder, { cacheControl: false, etag: false, lastModified: false });
    });
  }
}

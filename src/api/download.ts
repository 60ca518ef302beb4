import path from "node:path/posix";
import type { Readable } from "node:stream";
import { create as contentDisposition } from "content-disposition";
import type { RawReply } from "#contract/route.js";

/**
 * Headers of whatever somebody else wrote: opened as a page or in a frame it runs no script, and its media type is what
 * `content-type` says.
 *
 * @see CSP Level 3, sandbox; Fetch Standard, X-Content-Type-Options
 */
export const inertHeaders = {
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
};

/** A file to be saved: skills are written by anybody, so no browser may run or show it. */
export function download(body: Buffer | Readable, type: string, name: string): RawReply {
  return {
    body,
    headers: {
      "content-type": type,
      // A name beyond ASCII stands there once: the second one, for old browsers, would have question marks in it.
      "content-disposition": contentDisposition(name, { type: "attachment", fallback: false }),
      ...inertHeaders,
      "cache-control": "private, no-cache",
    },
  };
}

/**
 * Media types by extension; whatever else is bytes. The registries know many more, but TypeScript as a video, no
 * Python, and several that a browser would run. Scripts and style sheets are plain text: a page of ours, which takes
 * both from its own server, would run them although they are attachments.
 */
const types: Record<string, string> = {
  ".md": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".css": "text/plain; charset=utf-8",
  ".js": "text/plain; charset=utf-8",
  ".mjs": "text/plain; charset=utf-8",
  ".py": "text/x-python; charset=utf-8",
  ".sh": "text/x-shellscript; charset=utf-8",
  ".json": "application/json",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".xml": "application/xml",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
  ".zip": "application/zip",
};

export const typeOf = (file: string) => types[path.extname(file).toLowerCase()] ?? "application/octet-stream";

import path from "node:path/posix";
import { create as contentDisposition } from "content-disposition";
import type { RawReply } from "#contract/route.js";

/** A file to be saved: skills are written by anybody, so no browser may run or show it. */
export function download(body: Buffer, type: string, name: string): RawReply {
  return {
    body,
    headers: {
      "content-type": type,
      // A name beyond ASCII stands there once: the second one, for old browsers, would have question marks in it.
      "content-disposition": contentDisposition(name, { type: "attachment", fallback: false }),
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
    },
  };
}

/**
 * Media types by extension; whatever else is bytes. The registries know many more, but TypeScript as a video, no
 * Python, and several that a browser would run.
 */
const types: Record<string, string> = {
  ".md": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
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

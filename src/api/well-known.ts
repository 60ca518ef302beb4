import { isUtf8 } from "node:buffer";
import { inertHeaders } from "#api/download.js";
import type { Contract } from "#contract/contract.js";
import type { Api, RawReply } from "#contract/route.js";
import type * as routes from "#contract/well-known.js";
import { SkillettError } from "#core/errors.js";
import type { DeliveredFile } from "#skills/delivery/delivery.js";
import type { WellKnown } from "#skills/delivery/well-known.js";

export function createWellKnownApi(wellKnown: WellKnown): Api<typeof routes> {
  const getFile: Api<Contract>["getPublishedFile"] = async ({ caller, params, query, headers }) => {
    const found = await wellKnown.file(caller, params.name, params["*"]);
    return cached(found, toReply.file(found, params["*"], query.digest), query.digest, headers);
  };
  return {
    getSkillIndex: ({ caller }) => wellKnown.index(caller),
    getOldSkillIndex: ({ caller }) => wellKnown.oldIndex(caller),
    getPublishedFile: getFile,
    getOldPublishedFile: getFile,
    async getPublishedArchive({ caller, params, query, headers }) {
      const found = await wellKnown.archive(caller, params.archive.slice(0, -".tar.gz".length));
      return cached(found, toReply.archive(found, query.digest), query.digest, headers);
    },
  };
}

/** Bytes as they are sent. @throws not_found when they do not have the expected digest */
export const toReply = {
  file: (found: DeliveredFile, path: string, expected?: string) =>
    answer(found, typeOf(path, found.bytes), expected),
  archive: (found: DeliveredFile, expected?: string) => answer(found, "application/gzip", expected),
};

function answer({ bytes, digest }: DeliveredFile, type: string, expected?: string): RawReply {
  const own = `sha256:${digest}`;
  if (expected !== undefined && expected !== own)
    throw new SkillettError("not_found", { message: "The skill has changed: read the index again." });
  const headers = {
    etag: `"${own}"`,
    "content-type": type,
    "content-disposition": "attachment",
    ...inertHeaders,
  };
  return { headers, body: bytes };
}

/** @see RFC 9110 §13.1.2 (If-None-Match), RFC 8246 (immutable) */
function cached(
  { digest }: DeliveredFile,
  reply: RawReply,
  expected: string | undefined,
  { "if-none-match": known }: { "if-none-match"?: string | undefined },
): RawReply {
  const etag = `"sha256:${digest}"`;
  const lifetime = expected === undefined ? "no-cache" : "max-age=31536000, immutable";
  const headers = { ...reply.headers, "cache-control": `private, ${lifetime}`, vary: "authorization" };
  const isKnown = known?.split(",").some((tag) => [etag, `W/${etag}`, "*"].includes(tag.trim()));
  return isKnown ? { status: 304, headers, body: "" } : { ...reply, headers };
}

/** Nothing that a browser would run, whoever wrote it. */
function typeOf(path: string, bytes: Buffer): string {
  if (!isUtf8(bytes)) return "application/octet-stream";
  if (path.endsWith(".md")) return "text/markdown; charset=utf-8";
  return path.endsWith(".json") ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
}

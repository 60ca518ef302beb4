import { isUtf8 } from "node:buffer";
import type { Contract } from "#contract/contract.js";
import type { Api, RawReply } from "#contract/route.js";
import { SkillettError } from "#core/errors.js";
import type { DeliveredFile } from "#skills/delivery.js";
import type { WellKnown } from "#skills/well-known.js";

type Names =
  | "getSkillIndex"
  | "getOldSkillIndex"
  | "getPublishedFile"
  | "getOldPublishedFile"
  | "getPublishedArchive";

export function wellKnownApi(wellKnown: WellKnown): Pick<Api<Contract>, Names> {
  const getFile: Api<Contract>["getPublishedFile"] = async ({ caller, params, query, headers }) => {
    const found = await wellKnown.file(caller, params.name, params["*"]);
    return answer(found, typeOf(params["*"], found.bytes), query.digest, headers["if-none-match"]);
  };
  return {
    getSkillIndex: ({ caller }) => wellKnown.index(caller),
    getOldSkillIndex: ({ caller }) => wellKnown.oldIndex(caller),
    getPublishedFile: getFile,
    getOldPublishedFile: getFile,
    async getPublishedArchive({ caller, params, query, headers }) {
      const found = await wellKnown.archive(caller, params.archive.slice(0, -".tar.gz".length));
      return answer(found, "application/gzip", query.digest, headers["if-none-match"]);
    },
  };
}

/** @see RFC 9110 §13.1.2 (If-None-Match), RFC 8246 (immutable) */
function answer({ bytes, digest }: DeliveredFile, type: string, wanted?: string, known?: string): RawReply {
  const own = `sha256:${digest}`;
  if (wanted !== undefined && wanted !== own)
    throw new SkillettError("not_found", { message: "The skill has changed: read the index again." });
  const lifetime = wanted === undefined ? "no-cache" : "max-age=31536000, immutable";
  const headers = {
    etag: `"${own}"`,
    "cache-control": `private, ${lifetime}`,
    vary: "authorization",
    "content-type": type,
    "content-disposition": "attachment",
    "x-content-type-options": "nosniff",
  };
  const isKnown = known?.split(",").some((tag) => [`"${own}"`, `W/"${own}"`, "*"].includes(tag.trim()));
  return isKnown ? { status: 304, headers, body: "" } : { headers, body: bytes };
}

/** Nothing that a browser would run, whoever wrote it. */
function typeOf(path: string, bytes: Buffer): string {
  if (!isUtf8(bytes)) return "application/octet-stream";
  if (path.endsWith(".md")) return "text/markdown; charset=utf-8";
  return path.endsWith(".json") ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
}

import { Readable } from "node:stream";
import { download } from "#api/download.js";
import { filenameIssue, mediaTypeIssue } from "#catalog/request/part.js";
import type { Contract } from "#contract/contract.js";
import type * as routes from "#contract/files.js";
import type { Api, Output } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import { badRequest, type Issue } from "#core/errors.js";
import { typeByName } from "#gateway/answer-files/name.js";
import type { Files } from "#gateway/files/files.js";
import type { CompleteFile } from "#store/file-rows.js";

type File = Output<Contract["getFile"]>["file"];

const defaultPage = 50;

export interface FilesDeps {
  files: Files;
}

export function createFilesApi({ files }: FilesDeps): Api<typeof routes> {
  return {
    async uploadFile({ caller, query: { name = "file", sha256 }, upload: { type, length, bytes } }) {
      const mediaType = mediaTypeOf(type) ?? typeByName(name);
      refuse(mediaTypeIssue(mediaType), "header content-type");
      refuse(filenameIssue(name), "query.name");
      return { file: toFile(await files.keep(caller, { name, mediaType, length, sha256, bytes })) };
    },
    async listFiles({ caller, query: { limit = defaultPage, cursor } }) {
      // One more than asked for tells whether there is another page.
      const rows = await files.list(caller, { before: cursor, limit: limit + 1 });
      const page = rows.slice(0, limit);
      return { files: page.map(toFile), next_cursor: rows.length > limit ? page.at(-1)!.id : null };
    },
    getFile: async ({ caller, params }) => ({ file: toFile(await files.get(caller, params.id)) }),
    async getFileContent({ caller, params }) {
      const { id, name, media_type, size } = await files.get(caller, params.id);
      const body = Readable.from(files.read(caller.tenantId, id), { objectMode: false });
      const { headers } = download(body, media_type, name);
      return { body, headers: { ...headers, "content-length": String(size) } };
    },
    async deleteFile({ caller, params }) {
      await files.delete(caller, params.id);
      return undefined;
    },
  };
}

/** Clients that have no type for a body say that it is a form. */
function mediaTypeOf(header: string | undefined): string | undefined {
  const type = header?.trim() ?? "";
  if (type === "" || /^application\/x-www-form-urlencoded\b/i.test(type)) return undefined;
  if (/^multipart\/form-data\b/i.test(type)) {
    refuse(
      "is that of a form: send the bytes themselves as the body, with the media type of the file",
      "header content-type",
    );
  }
  return type;
}

function refuse(message: Issue["message"] | null, at: string): void {
  if (message !== null) throw badRequest([{ at, message }]);
}

function toFile({ id, name, media_type, size, sha256, expires_at, created_at }: CompleteFile): File {
  return {
    id,
    name,
    media_type,
    size,
    sha256,
    expires_at: isoTime(expires_at),
    created_at: isoTime(created_at),
  };
}

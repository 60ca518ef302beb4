import multipart from "@fastify/multipart";
import type { FastifyError, FastifyInstance, FastifyRequest } from "fastify";
import { bodyLimits } from "#contract/body-limits.js";
import { badRequest, SkillettError } from "#core/errors.js";

const limitBytes = bodyLimits.archive;
const fieldName = "file";
const archiveTypes = [
  "application/zip",
  "application/gzip",
  "application/x-gzip",
  "application/x-tar",
  "application/octet-stream",
];

/** Has routes of a scope take an archive as their body, and nothing else. */
export async function addArchiveParsers(scope: FastifyInstance): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    archiveTypes,
    { parseAs: "buffer", bodyLimit: limitBytes },
    async (_request: unknown, body: Buffer) => body,
  );
  scope.addContentTypeParser("*", async () => {
    const message = `must be ${archiveTypes.join(", ")} or multipart/form-data`;
    throw badRequest([{ at: "header content-type", message }]);
  });
  await scope.register(multipart, { limits: { fileSize: limitBytes, files: 1, fields: 10 } });
}

/** The archive of a request: its body, or the field `file` of its form. */
export async function readArchiveBody(request: FastifyRequest): Promise<Buffer> {
  const archive = request.isMultipart() ? await fileOf(request) : request.body;
  if (Buffer.isBuffer(archive) && archive.length > 0) return archive;
  const message = `has no archive: send a zip or tar.gz as the body, or as the field ${fieldName} of a form`;
  throw badRequest([{ at: "body", message }]);
}

async function fileOf(request: FastifyRequest): Promise<Buffer | undefined> {
  let archive: Buffer | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type !== "file") continue;
      const bytes = await part.toBuffer();
      if (part.fieldname === fieldName) archive = bytes;
    }
  } catch (error) {
    throw toRefusal(error as FastifyError);
  }
  return archive;
}

function toRefusal(error: FastifyError): Error {
  if (error.code === "FST_REQ_FILE_TOO_LARGE") {
    return new SkillettError("payload_too_large", { facts: { limit: limitBytes } });
  }
  if (error.code === "FST_FILES_LIMIT")
    return badRequest([{ at: "body", message: "must have one file only" }]);
  return badRequest([{ at: "body", message: `is not a readable form: ${error.message}` }], { cause: error });
}

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type ParsedTarEntry, unpackTar } from "modern-tar";
import { SkillettError } from "#core/errors.js";
import type { Admission } from "#skills/archive/admission.js";
import {
  type ArchiveEntry,
  allowedBytes,
  archiveProblem,
  limits,
  tooLarge,
  wholeBudget,
} from "#skills/archive/limits.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

type Header = ParsedTarEntry["header"];

/** Headers, long names and padding of every file, beside the files themselves. */
const overheadBytes = limits.files * 2048;

/** Unpacks what gzip has packed, and stops as soon as it is more than an archive may hold. */
export async function gunzipTar(bytes: Buffer, budget = wholeBudget): Promise<Buffer> {
  const allowed = Math.min(allowedBytes(bytes.length), budget.bytes);
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: allowed + overheadBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(bytes.length, budget);
    throw archiveProblem(`is damaged or truncated: ${message}`, error);
  }
}

/**
 * Unpacks the wanted files of a tar. It is read twice: only when all entries are listed it is known which are wanted.
 */
export async function readTar(bytes: Buffer, admission: Admission): Promise<SkillFile[]> {
  const listed: (string | null)[] = [];
  try {
    await unpackTar(bytes, {
      strict: true,
      filter: (header) => {
        listed.push(admission.list(describe(header)));
        return false;
      },
    });
    const admitted = listed.map((path) => (path !== null && admission.isAdmitted(path) ? path : null));
    let at = 0;
    const entries = await unpackTar(bytes, { strict: true, filter: () => admitted[at++] !== null });
    const paths = admitted.filter((path) => path !== null);
    return entries.map(({ header, data }, index) => ({
      path: paths[index]!,
      bytes: Buffer.from(data ?? []),
      executable: ((header.mode ?? 0) & 0o111) !== 0,
    }));
  } catch (error) {
    if (error instanceof SkillettError) throw error;
    throw archiveProblem(`is not a readable tar: ${(error as Error).message}`, error);
  }
}

const kinds: Record<string, string> = {
  file: "file",
  directory: "directory",
  symlink: "symbolic link",
  link: "hard link",
};

function describe({ name, type = "file", size, pax = {} }: Header): ArchiveEntry {
  const isSparse = Object.keys(pax).some((key) => key.startsWith("GNU.sparse."));
  return {
    path: name,
    kind: kinds[type] ?? "device or pipe",
    size,
    ...(isSparse ? { obstacle: "is stored as a sparse file: make the archive without --sparse" } : {}),
  };
}

import { isUtf8 } from "node:buffer";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import yazl from "yazl";
import { SkillettError } from "#core/errors.js";
import type { Admission } from "#skills/archive/admission.js";
import { type ArchiveEntry, archiveProblem } from "#skills/archive/limits.js";
import type { SkillFile } from "#skills/format/skill-folder.js";

const utf8Flag = 0x0800;
const unicodePathField = 0x7075;
const stored = 0;
const deflated = 8;

/** Unpacks what the admission wants of a zip. Throws what makes it unreadable. */
export async function readZip(bytes: Buffer, admission: Admission): Promise<SkillFile[]> {
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { decodeStrings: false });
    const listed: { path: string; entry: Entry }[] = [];
    for await (const entry of zip.eachEntry()) {
      const path = admission.list(describe(entry));
      if (path !== null) listed.push({ path, entry });
    }
    const files: SkillFile[] = [];
    for (const { path, entry } of listed)
      if (admission.isAdmitted(path)) files.push(await unpack(zip, path, entry));
    return files;
  } catch (error) {
    if (error instanceof SkillettError) throw error;
    throw archiveProblem(`is not a readable zip: ${(error as Error).message}`, error);
  }
}

function describe(entry: Entry): ArchiveEntry {
  const path = nameOf(entry);
  const obstacle = obstacleOf(entry);
  return {
    path,
    kind: path.endsWith("/") ? "directory" : kindOf(entry),
    size: entry.uncompressedSize,
    ...(obstacle ? { obstacle } : {}),
  };
}

/** Many programs write UTF-8 names without saying so. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const isDeclared =
    (generalPurposeBitFlag & utf8Flag) !== 0 || extraFields.some(({ id }) => id === unicodePathField);
  if (!isDeclared && isUtf8(fileNameRaw)) return fileNameRaw.toString("utf8");
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

/** Permissions and type as Unix has them; 0 from systems that have none. */
function modeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

/** By the upper four bits of the mode. */
const kinds: Record<number, string> = { 0: "file", 4: "directory", 8: "file", 10: "symbolic link" };

function kindOf(entry: Entry): string {
  return kinds[modeOf(entry) >>> 12] ?? "device or pipe";
}

function obstacleOf(entry: Entry): string | null {
  if (entry.isEncrypted()) return "is encrypted: make the archive without a password";
  if ([stored, deflated].includes(entry.compressionMethod)) return null;
  return `is compressed by method ${entry.compressionMethod}: use deflate, as zip does by default`;
}

async function unpack(zip: ZipFile, path: string, entry: Entry): Promise<SkillFile> {
  // Ends with an error as soon as more bytes come than the entry says it has.
  const bytes = await buffer(await zip.openReadStreamPromise(entry));
  if (crc32(bytes) !== entry.crc32)
    throw archiveProblem(`is damaged: the checksum of ${path} does not match`);
  return { path, bytes, executable: (modeOf(entry) & 0o111) !== 0 };
}

/** Earliest time a zip can hold, in any time zone. */
const noTime = new Date(1980, 0, 1);

/** Entries packed at once: each takes a quarter of a megabyte meanwhile, and there may be thousands. */
const atOnce = 32;

/** The same bytes for the same folders, whenever and wherever it is made. */
export async function writeZip(folders: { directory: string; files: SkillFile[] }[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const written = buffer(zip.outputStream);
  const entries = folders
    .flatMap(({ directory, files }) => files.map((file) => ({ ...file, path: `${directory}/${file.path}` })))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [at, { path, bytes, executable }] of entries.entries()) {
    const mode = executable ? 0o100755 : 0o100644;
    zip.addBuffer(bytes, path, { mtime: noTime, forceDosTimestamp: true, mode });
    // Deflating runs in turn: when this empty job is done, so are nearly all that were queued before it.
    if (at % atOnce === atOnce - 1) await promisify(deflateRaw)(Buffer.alloc(0));
  }
  zip.end();
  return written;
}

import { createHash } from "node:crypto";
import { FileFacts } from "#catalog/pieces.js";
import type { FilesByHandle } from "#catalog/request/files.js";
import type { Caller } from "#core/caller.js";
import { type Clock, dayMs } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { inChunks } from "#gateway/files/chunks.js";
import type { CompleteFile, FileOwner, FileRows } from "#store/file-rows.js";
import type { FileRow } from "#store/schema/file-tables.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

const keptMs = dayMs;
/** A file that takes longer to arrive is given up. */
const arrivalMs = 3_600_000;
/** All files of a person together have as many bytes as so many of the largest ones. */
const maxFiles = 10;

/** A file on its way to us. */
export interface Incoming {
  name: string;
  mediaType: string;
  /** Bytes, where they are known before: other ones are refused. */
  length: number | undefined;
  /** Hex: bytes with another hash are refused. */
  sha256?: string | undefined;
  bytes: AsyncIterable<Buffer>;
}

/**
 * Files that are named by a handle. A handle is good for the person it was made for, through keys of the same agent,
 * or through keys of no agent if it was made with one of these.
 */
export interface Files {
  /** Bytes that one may have. */
  maxBytes: number;
  /**
   * Keeps a file for a day, when all of it has arrived; else nothing of it stays.
   *
   * @throws SkillettError `payload_too_large`, `plan_limit_reached`, or `bad_request` for bytes that are not the ones
   *   announced
   */
  keep(caller: Caller, incoming: Incoming): Promise<CompleteFile>;
  /** Those of these handles that the caller has. */
  find(caller: Caller, handles: readonly string[]): Promise<FilesByHandle>;
  /** @throws SkillettError `not_found`, the same for one that is over, is another's, or never was */
  get(caller: Caller, id: string): Promise<CompleteFile>;
  list(caller: Caller, page: { before: string | undefined; limit: number }): Promise<CompleteFile[]>;
  /** Its bytes, a chunk at a time. It has been found for its caller before. */
  read(tenantId: string, id: string): AsyncIterable<Buffer>;
  /** @throws SkillettError `not_found` */
  delete(caller: Caller, id: string): Promise<void>;
}

interface Deps {
  rows: FileRows;
  vault: Vault;
  maxBytes: number;
  clock: Clock;
  onError: (error: unknown) => void;
}

export function createFiles({ rows, vault, maxBytes, clock, onError }: Deps): Files {
  async function get(caller: Caller, id: string): Promise<CompleteFile> {
    const [file] = await rows.find(ownerOf(caller), [id], clock());
    if (file) return file;
    throw new SkillettError("not_found", { message: "There is no such file. Files are kept for a day." });
  }

  /** Writes the chunks; gives what is known of the whole. */
  async function write(row: FileRow, { bytes, length }: Incoming): Promise<{ size: number; sha256: string }> {
    const { tenant_id, id: file_id } = row;
    const hash = createHash("sha256");
    let [size, number] = [0, 0];
    for await (const chunk of inChunks(bytes)) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      if (length !== undefined && size > length) break;
      if (clock() >= row.expires_at) throw new SkillettError("bad_request", { message: tooSlow });
      hash.update(chunk);
      const box = vault.seal(chunk, sealedRow.fileChunk(tenant_id, file_id, number));
      await rows.addChunk({ tenant_id, file_id, number, box });
      number += 1;
    }
    return { size, sha256: hash.digest("hex") };
  }

  return {
    maxBytes,
    async keep(caller, incoming) {
      const { name, mediaType, length, sha256 } = incoming;
      if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes);
      const now = clock();
      const row: FileRow = {
        ...ownerOf(caller),
        id: newId("file"),
        name,
        media_type: mediaType,
        size: length ?? maxBytes,
        sha256: null,
        expires_at: now + arrivalMs,
        created_at: now,
      };
      if (!(await rows.begin(row, maxFiles * maxBytes))) throw noRoom(maxFiles * maxBytes);
      try {
        const written = await write(row, incoming);
        if (length !== undefined && written.size !== length) throw otherLength(length, written.size);
        if (sha256 !== undefined && written.sha256 !== sha256) throw otherHash(written.sha256);
        const facts = { ...written, expires_at: clock() + keptMs };
        await rows.complete(row, facts);
        return { ...row, ...facts };
      } catch (error) {
        await rows.delete(row).catch(onError);
        throw error;
      }
    },
    async find(caller, handles) {
      const found = await rows.find(ownerOf(caller), handles, clock());
      return new Map(found.map((file) => [file.id, factsOf(file)]));
    },
    get,
    list: (caller, page) => rows.list(ownerOf(caller), page, clock()),
    async *read(tenantId, id) {
      for (let number = 0; ; number++) {
        const box = await rows.chunk({ tenant_id: tenantId, id }, number);
        if (box === undefined) return;
        yield await vault.openBytes(box, sealedRow.fileChunk(tenantId, id, number));
      }
    },
    delete: async (caller, id) => rows.delete(await get(caller, id)),
  };
}

const ownerOf = ({ tenantId, profileId, agentId }: Caller): FileOwner => ({
  tenant_id: tenantId,
  profile_id: profileId,
  agent_id: agentId,
});

function factsOf({ id, name, media_type, size, sha256 }: CompleteFile): FileFacts {
  return new FileFacts({ id, name, mediaType: media_type, size, sha256 });
}

const inMegabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MiB`;

const tooSlow = "The file took too long to arrive. Nothing of it was kept.";

function tooLarge(maxBytes: number): SkillettError {
  const message = `A file may have up to ${inMegabytes(maxBytes)}, and this one has more. Nothing of it was kept.`;
  return new SkillettError("payload_too_large", { message });
}

function noRoom(maxBytes: number): SkillettError {
  const message =
    `Your files may have ${inMegabytes(maxBytes)} together, and with this one they would have more. ` +
    "Delete some that are not needed any more; each is gone a day after it was made.";
  return new SkillettError("plan_limit_reached", { message, next: ["skillett files"] });
}

function otherLength(announced: number, came: number): SkillettError {
  const message = `${announced} bytes were announced, and ${came < announced ? came : "more"} came. Nothing was kept.`;
  return new SkillettError("bad_request", { message });
}

function otherHash(sha256: string): SkillettError {
  const message = `is not the hash of the bytes that came, which have ${sha256}. Nothing was kept`;
  return badRequest([{ at: "query.sha256", message }]);
}

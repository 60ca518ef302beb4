import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Session } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import type { Client } from "#client/client.js";
import { NetworkError } from "#client/errors.js";

export type UploadedFile = Awaited<ReturnType<Client["getFile"]>>["file"];

/** A file to be handed over, which nobody has read yet. */
export interface LocalFile {
  /** Absolute; `-` is stdin. */
  path: string;
  name: string;
  /** Bytes; undefined for stdin. */
  size: number | undefined;
}

/** @param what names it in an error: `--file`; @throws UsageError when there is no such file */
export function localFile(source: string, what: string, host: Host): LocalFile {
  if (source === "-") return { path: source, name: "stdin", size: undefined };
  const absolute = path.resolve(host.directory ?? "", source);
  const facts = statSync(absolute, { throwIfNoEntry: false });
  if (!facts) throw new UsageError(`${what}: there is no file ${source}.`);
  if (facts.isDirectory()) throw new UsageError(`${what}: ${source} is a folder.`);
  return { path: absolute, name: path.basename(absolute), size: facts.isFile() ? facts.size : undefined };
}

/** Hands a file over, with constant memory. */
export async function upload(
  { client, signal }: Session,
  file: LocalFile,
  host: Host,
  { name = file.name, type }: { name?: string; type?: string } = {},
): Promise<UploadedFile> {
  const bytes = file.path === "-" ? Readable.from(host.stdin()) : createReadStream(file.path);
  const outgoing = { mediaType: type, length: file.size, bytes };
  return (await client.uploadFile({ query: { name }, upload: outgoing, signal })).file;
}

/** @throws UsageError when something is at that path already, unless it may be replaced */
export function freePath(target: string, mayReplace: boolean, host: Host): string {
  const absolute = path.resolve(host.directory ?? "", target);
  const facts = statSync(absolute, { throwIfNoEntry: false });
  if (facts?.isDirectory()) throw new UsageError(`${target} is a folder: give the name of a file in it.`);
  if (facts && !mayReplace) {
    throw new UsageError(`${target} is there already. Give another name, or --clobber to replace it.`);
  }
  if (!existsSync(path.dirname(absolute)))
    throw new UsageError(`There is no folder ${path.dirname(target)}.`);
  return absolute;
}

/** Writes the bytes of a file beside `target`, and puts them there when they are whole. */
export async function download(
  { client, signal }: Session,
  { id, sha256 }: Pick<UploadedFile, "id" | "sha256">,
  target: string,
): Promise<void> {
  const draft = path.join(path.dirname(target), `.${randomBytes(6).toString("hex")}.tmp`);
  const hash = createHash("sha256");
  const { body } = await client.stream("getFileContent", { params: { id }, signal });
  try {
    await pipeline(
      body,
      async function* (bytes: AsyncIterable<Uint8Array>) {
        for await (const chunk of bytes) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(draft, { flags: "wx", flush: true }),
    );
    if (hash.digest("hex") !== sha256) throw new NetworkError("The file did not arrive whole.", {});
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

import { inflateSync } from "node:zlib";
import { wrong } from "#skills/git/url.js";

const mebibyte = 1024 * 1024;
/** Limits of one repository, at the commit that is read. */
export const gitLimits = {
  /** Of the list of its branches and tags, which is read on the thread that answers requests: a tenth of a second. */
  refsBytes: mebibyte,
  packBytes: 64 * mebibyte,
  objects: 100_000,
  /** Of all objects together, unpacked. */
  unpackedBytes: 256 * mebibyte,
  objectBytes: 64 * mebibyte,
};

/**
 * The pack in the answer of `git-upload-pack`.
 *
 * @throws bad_request with what the server says instead
 * @see https://git-scm.com/docs/gitprotocol-pack (Packfile Data), gitprotocol-common (pkt-line)
 */
export function packOf(answer: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= answer.length; ) {
    const length = Number.parseInt(answer.toString("latin1", at, at + 4), 16);
    if (Number.isNaN(length) || (length > 0 && length < 4)) throw unusable("its answer is no pkt-line");
    const line = answer.subarray(at + 4, at + length);
    at += Math.max(4, length);
    const [band] = line;
    if (band === 1) parts.push(line.subarray(1));
    if (band === 3) throw unusable(`it says: ${readable(line.subarray(1))}`);
    if (line.toString("latin1", 0, 4) === "ERR ") throw unusable(`it says: ${readable(line.subarray(4))}`);
  }
  const pack = Buffer.concat(parts);
  if (pack.toString("latin1", 0, 4) !== "PACK") throw unusable("it sent no pack");
  return pack;
}

const readable = (bytes: Buffer) =>
  bytes
    .toString()
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 200);

const deltas = { offset: 6, reference: 7 };

/**
 * Goes through a pack and counts what it unpacks to, before anybody unpacks it: a few kilobytes may say that they
 * are gigabytes.
 *
 * @throws bad_request over a limit, and for bytes that are no pack
 * @see https://git-scm.com/docs/gitformat-pack
 */
export function checkPack(pack: Buffer): void {
  const count = pack.readUInt32BE(8);
  if (count > gitLimits.objects) throw tooMuch(`${count} objects, over ${gitLimits.objects}`);
  let [at, total] = [12, 0];
  for (let seen = 0; seen < count; seen++) {
    const { type, size, next } = readHead(pack, at);
    if (size > gitLimits.objectBytes) throw tooMuch(`an object of ${size} bytes`);
    const { data, used } = inflateOne(pack.subarray(next), size);
    total += size + (type === deltas.offset || type === deltas.reference ? resultSize(data) : 0);
    if (total > gitLimits.unpackedBytes)
      throw tooMuch(`over ${gitLimits.unpackedBytes / mebibyte} MB unpacked`);
    at = next + used;
  }
}

function readHead(pack: Buffer, start: number): { type: number; size: number; next: number } {
  let at = start;
  let byte = byteAt(pack, at++);
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let shift = 4; byte & 0x80; shift += 7) {
    byte = byteAt(pack, at++);
    size += (byte & 0x7f) * 2 ** shift;
  }
  if (type === deltas.reference) at += 20;
  if (type === deltas.offset) while (byteAt(pack, at++) & 0x80);
  return { type, size, next: at };
}

function inflateOne(bytes: Buffer, size: number): { data: Buffer; used: number } {
  try {
    // The types of Node do not know the form that `info` gives.
    const { buffer, engine } = inflateSync(bytes, {
      info: true,
      maxOutputLength: Math.max(1, size),
    } as never) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (buffer.length === size) return { data: buffer, used: engine.bytesWritten };
  } catch {
    // Refused below.
  }
  throw unusable("its pack is broken");
}

/** Bytes of the object that a delta makes: the second of the numbers at its beginning. */
function resultSize(delta: Buffer): number {
  const sizes: number[] = [];
  for (let at = 0; sizes.length < 2; ) {
    let [value, byte, shift] = [0, 0x80, 0];
    while (byte & 0x80) {
      byte = byteAt(delta, at++);
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    }
    sizes.push(value);
  }
  const [, size = 0] = sizes;
  if (size > gitLimits.objectBytes) throw tooMuch(`an object of ${size} bytes`);
  return size;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw unusable("its pack is broken");
  return byte;
}

export const unusable = (why: string) => wrong("url", `the repository cannot be read: ${why}`);
const tooMuch = (what: string) =>
  unusable(`it has ${what}. Upload the skills you want as an archive instead`);

import { setImmediate as nextTurn } from "node:timers/promises";

/** Plain data whose bytes all lie in one buffer, which changes threads without being copied. */
export interface Parcel {
  data: unknown;
  transfer: ArrayBuffer[];
}

/** Bytes copied without letting anything else run: some milliseconds. */
const turnBytes = 8 * 1024 * 1024;

/**
 * Moves bytes to the other thread. A value that has its buffer for itself is moved without copying, and is empty here
 * afterwards.
 */
export async function pack(value: unknown): Promise<Parcel> {
  const found: Uint8Array[] = [];
  mapBytes(value, (bytes) => {
    found.push(bytes);
    return bytes;
  });
  const [first] = found;
  if (!first) return { data: value, transfer: [] };
  if (found.length === 1 && ownsBuffer(first)) return { data: value, transfer: [first.buffer] };
  const all = new Uint8Array(found.reduce((sum, { length }) => sum + length, 0));
  const copies = new Map<Uint8Array, Uint8Array>();
  let [at, untilTurn] = [0, turnBytes];
  for (const bytes of found) {
    all.set(bytes, at);
    copies.set(bytes, all.subarray(at, at + bytes.length));
    at += bytes.length;
    if (at < untilTurn) continue;
    untilTurn = at + turnBytes;
    await nextTurn();
  }
  return { data: mapBytes(value, (bytes) => copies.get(bytes)!), transfer: [all.buffer] };
}

/** The value as it was before it was packed. It is changed in place, since nothing else on this thread has it. */
export function unpack(data: unknown): unknown {
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.length);
  if (typeof data !== "object" || data === null || data instanceof Map) return data;
  const parts = data as Record<string, unknown>;
  for (const name of Object.keys(parts)) {
    const part = parts[name];
    if (typeof part === "object") parts[name] = unpack(part);
  }
  return data;
}

/** Small buffers share one of Node's own, which no thread gives away. */
function ownsBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}

function mapBytes(value: unknown, change: (bytes: Uint8Array) => Uint8Array): unknown {
  if (value instanceof Uint8Array) return change(value);
  if (Array.isArray(value)) return value.map((item) => mapBytes(item, change));
  if (typeof value !== "object" || value === null || value instanceof Map) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapBytes(item, change)]));
}

import type { StoredRoute } from "#integrations/changes.js";

/** An integration of a tenant as it is stored, for the thread that works on it. */
export interface Stored {
  /** Generated files without those of endpoints; files of a person that refine these and others. */
  texts: Readonly<Record<string, string>>;
  overlay: Readonly<Record<string, string>>;
  /** A program has made the files: one that does not load is left out. */
  isGenerated: boolean;
  routes: readonly StoredFile[];
}

export interface StoredFile extends StoredRoute {
  path: string | null;
  /** Null for an endpoint that is in the overlay alone. */
  text: string | null;
}

/** An endpoint as it is to be stored. */
export interface WrittenRoute extends StoredFile {
  compiled: string;
}

export const nothingStored: Stored = { texts: {}, overlay: {}, isGenerated: true, routes: [] };

/** Lines of JSON: bytes change threads without being copied, and are read and written a few lines at a time. */
export function* lines(bytes: Buffer): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    yield bytes.toString("utf8", from, end);
    from = end + 1;
  }
}

export function toLines(values: Iterable<unknown>): Buffer {
  const chunks: Buffer[] = [];
  for (const value of values) chunks.push(Buffer.from(`${JSON.stringify(value)}\n`));
  return Buffer.concat(chunks);
}

/** @param bytes a line with all but the routes, then a line for each of these */
export function readStored(bytes: Buffer): Stored {
  const [first, ...routes] = [...lines(bytes)].map((line) => JSON.parse(line));
  return first === undefined ? nothingStored : { ...first, routes };
}

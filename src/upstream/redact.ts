import { Transform } from "node:stream";

const mask = Buffer.from("[credential]");

/** Shorter ones are no secrets: they would stand in every other word. */
const shortest = 6;

/** Masks SECRETS wherever they stand in the bytes of an answer. */
export interface Redactor {
  buffer(bytes: Buffer): Buffer;
  /** For streams: also finds a secret that is split over two chunks. */
  stream(): Transform;
}

export function createRedactor(secrets: string[]): Redactor {
  const needles = [...new Set(secrets.filter(({ length }) => length >= shortest).flatMap(spellings))].map(
    (spelling) => Buffer.from(spelling),
  );
  const longest = Math.max(0, ...needles.map(({ length }) => length));
  const redact = (bytes: Buffer) => needles.reduce(replaceAll, bytes);

  return {
    buffer: redact,
    stream() {
      let held: Buffer = Buffer.alloc(0);
      return new Transform({
        transform(chunk: Buffer, _encoding, done) {
          const bytes = redact(Buffer.concat([held, chunk]));
          // What could be the beginning of a secret waits for the next chunk.
          const cut = Math.max(0, bytes.length - (longest - 1));
          held = bytes.subarray(cut);
          done(null, bytes.subarray(0, cut));
        },
        flush(done) {
          done(null, held);
        },
      });
    },
  };
}

/** The ways a service may write a secret back: as it is, in JSON, in a URL. */
function spellings(secret: string): string[] {
  if (/^[\w.~-]+$/.test(secret)) return [secret];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inJson.replaceAll("/", "\\/"), encodeURIComponent(secret)];
}

function replaceAll(bytes: Buffer, needle: Buffer): Buffer {
  let at = bytes.indexOf(needle);
  if (at === -1) return bytes;
  const parts: Buffer[] = [];
  let from = 0;
  for (; at !== -1; at = bytes.indexOf(needle, from)) {
    parts.push(bytes.subarray(from, at), mask);
    from = at + needle.length;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

import { Transform } from "node:stream";
import { unescapeBytes } from "#upstream/unescape.js";

const mask = Buffer.from("[credential]");

/** Shorter ones are no secrets: they would stand in every other word. */
const minLength = 6;
/** From here on a secret is also looked for in other case and encoded: shorter ones would be found by chance. */
const minEncodedLength = 8;
/** How often escapes are undone: JSON within JSON, JSON in a URL, HTML in JSON. */
const levels = 2;
/** A character of an answer is written in so many bytes at most, such as `%5C%75%30%30%36%31`. */
const maxEscapeBytes = 18;

/**
 * Masks SECRETS wherever they stand in an answer: as they are or in other case, in Base64 (of whatever they are a
 * part of), in hexadecimal; each of it as it is, or with the escapes of JSON, URLs and HTML, all or some.
 */
export interface Redactor {
  buffer(bytes: Buffer): Buffer;
  /** For streams: also finds a secret that is split over two chunks. */
  stream(): Transform;
  /** For headers and other short texts that are shown. */
  text(text: string): string;
}

export function createRedactor(secrets: string[]): Redactor {
  const needles = needlesOf([...new Set(secrets)].filter(({ length }) => length >= minLength));
  const redact = (bytes: Buffer) =>
    needles.exact.length === 0 ? bytes : masked(bytes, spansOf(bytes, needles, levels));

  return {
    buffer: redact,
    text: (text) => redact(Buffer.from(text)).toString(),
    stream: () => redactStream(needles),
  };
}

/** Texts to look for, each byte a character of Latin 1. */
interface Needles {
  exact: string[];
  /** In lower case, to be found in any. */
  anyCase: string[];
  /** Some have characters that are escaped where those of words are not. */
  areOdd: boolean;
}

/**
 * Escapes that may stand for a letter, a digit or a character of Base64, and breaks of its lines: where there are
 * none, no secret of ordinary characters is hidden. `\\"` and `\\n`, which every JSON has, are not among them.
 */
const ordinaryEscape =
  /%(?:2[BDEFbdef]|3[\dDd]|[4-7])|\\(?:[\\/x]|u00[2-7])|&[#A-Za-z]|(?:\\[rn]|[\r\n])(?<=[\w+/-]{40}..?)/s;

function needlesOf(secrets: string[]): Needles {
  const all = secrets.map((secret) => Buffer.from(secret));
  const short = all.filter(({ length }) => length < minEncodedLength);
  const long = all.filter(({ length }) => length >= minEncodedLength);
  return {
    exact: [...short.map((bytes) => bytes.toString("latin1")), ...new Set(long.flatMap(base64Cores))],
    anyCase: long.flatMap((bytes) => [bytes.toString("latin1").toLowerCase(), bytes.toString("hex")]),
    areOdd: secrets.some((secret) => !/^[\w.~-]+$/.test(secret)),
  };
}

/**
 * The characters of Base64 that depend on `bytes` alone, for each place in a group of three bytes where these may
 * begin; in both alphabets. @see RFC 4648 §4 and §5
 */
function base64Cores(bytes: Buffer): string[] {
  const after = Buffer.alloc(2 + bytes.length);
  after.set(bytes, 2);
  return [0, 1, 2].flatMap((before) => {
    const text = after.toString("base64url", 2 - before);
    const bits = (before + bytes.length) * 8;
    const core = text.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    return /[-_]/.test(core) ? [core, core.replaceAll("-", "+").replaceAll("_", "/")] : [core];
  });
}

type Span = [start: number, end: number];

/** Where needles stand in `bytes`, also behind escapes; in no order. */
function spansOf(bytes: Buffer, needles: Needles, deeper: number): Span[] {
  const text = bytes.toString("latin1");
  const spans = [...find(text, needles.exact), ...find(text.toLowerCase(), needles.anyCase)];
  if (deeper === 0 || !(needles.areOdd || ordinaryEscape.test(text))) return spans;
  const plain = unescapeBytes(bytes);
  const inner = spansOf(plain.bytes, needles, plain.again ? deeper - 1 : 0);
  if (inner.length === 0) return spans;
  const sources = new Uint32Array(2 * plain.bytes.length);
  unescapeBytes(bytes, sources);
  return [...spans, ...inner.map(([start, end]): Span => [sources[2 * start]!, sources[2 * end - 1]!])];
}

function find(text: string, needles: string[]): Span[] {
  const spans: Span[] = [];
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length))
      spans.push([at, at + needle.length]);
  }
  return spans;
}

/** `spans` become sorted. */
function masked(bytes: Buffer, spans: Span[]): Buffer {
  if (spans.length === 0) return bytes;
  const parts: Buffer[] = [];
  let from = 0;
  for (const [start, end] of spans.sort(([a], [b]) => a - b)) {
    // Overlapping parts are masked as one.
    if (start >= from) parts.push(bytes.subarray(from, start), mask);
    from = Math.max(from, end);
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

function redactStream(needles: Needles): Transform {
  const all = [...needles.exact, ...needles.anyCase];
  const maxNeedleBytes = Math.max(0, ...all.map(({ length }) => length)) * maxEscapeBytes;
  let held: Buffer[] = [];
  let size = 0;

  /** Masks all but the end, where a secret may have begun. */
  function advance(bytes: Buffer): Buffer {
    const spans = spansOf(bytes, needles, levels);
    let cut = bytes.length - maxNeedleBytes;
    // The first of several backslashes decides what the others mean, so they are not separated.
    while (cut > 0 && bytes[cut - 1] === 0x5c) cut -= 1;
    const done = spans
      .sort(([a], [b]) => a - b)
      .filter(([start, end]) => {
        if (start >= cut) return false;
        cut = Math.max(cut, end);
        return true;
      });
    held = [bytes.subarray(cut)];
    size = bytes.length - cut;
    return masked(bytes.subarray(0, cut), done);
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      size += chunk.length;
      // Small chunks wait, so that no byte is looked at more than twice.
      if (size >= 2 * maxNeedleBytes) this.push(advance(Buffer.concat(held)));
      done();
    },
    flush(done) {
      const bytes = Buffer.concat(held);
      done(null, masked(bytes, spansOf(bytes, needles, levels)));
    },
  });
}

/**
 * Undoes the escapes of JSON (and JavaScript), URLs and HTML at once: where one stands, the bytes it means take its
 * place. Text that only looks like an escape stays. Line breaks, which Base64 may have anywhere, are left out.
 *
 * @param sources takes for each byte that comes out where what it was made of begins and ends: two numbers
 * @returns a part of a new buffer, never longer than `bytes`; and whether it may have escapes in its turn
 */
export function unescapeBytes(bytes: Buffer, sources?: Uint32Array): { bytes: Buffer; again: boolean } {
  let again = false;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0, next = 0; at < bytes.length; at = next) {
    const byte = bytes[at]!;
    const from = length;
    const found = isSpecial(byte) ? readEscape(bytes, at) : 0;
    next = at + (found === 0 ? 1 : found >>> lengthShift);
    if (found === 0) out[length++] = byte;
    else if (found & isByte) out[length++] = found & 0xff;
    else length += writeUtf8(out, found & codePointMask, length);
    const first = out[from];
    if (first === lineFeed || first === carriageReturn) length = from;
    // One that was written with an escape, or whose escape was written with escapes.
    else if (isSpecial(first)) again ||= found !== 0 || isSpecial(bytes[next]);
    for (let place = from; sources && place < length; place++) {
      sources[2 * place] = at;
      sources[2 * place + 1] = next;
    }
  }
  return { bytes: out.subarray(0, length), again };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;
const percent = 0x25;
const ampersand = 0x26;
const isSpecial = (byte = 0) => byte === backslash || byte === percent || byte === ampersand;

/** An escape is one number, since there may be a million of them: its length, and a code point or one byte. */
const lengthShift = 22;
const isByte = 1 << 21;
const codePointMask = isByte - 1;
const escapedCharacter = (length: number, codePoint: number) => (length << lengthShift) | codePoint;
const escapedByte = (length: number, byte: number) => (length << lengthShift) | isByte | byte;

/** 0 when there is none. */
function readEscape(bytes: Buffer, at: number): number {
  if (bytes[at] === ampersand) return readEntity(bytes, at);
  if (bytes[at] === backslash) return readBackslash(bytes, at);
  const byte = hexAt(bytes, at + 1, 2);
  return byte < 0 ? 0 : escapedByte(3, byte);
}

/** @see RFC 8259 §7; `\x41` is JavaScript's */
function readBackslash(bytes: Buffer, at: number): number {
  const letter = bytes[at + 1];
  if (letter === undefined) return 0;
  if (letter === 0x75 /* u */) {
    const unit = hexAt(bytes, at + 2, 4);
    if (unit < 0) return 0;
    const isHigh = unit >= 0xd800 && unit < 0xdc00 && bytes[at + 6] === backslash && bytes[at + 7] === 0x75;
    const low = isHigh ? hexAt(bytes, at + 8, 4) : -1;
    if (low < 0xdc00 || low > 0xdfff) return escapedCharacter(6, unit);
    return escapedCharacter(12, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
  }
  if (letter === 0x78 /* x */) {
    const codePoint = hexAt(bytes, at + 2, 2);
    return codePoint < 0 ? 0 : escapedCharacter(4, codePoint);
  }
  return escapedByte(2, controls.get(letter) ?? letter);
}

const controls = new Map([..."bfnrt"].map((letter, at) => [letter.charCodeAt(0), [8, 12, 10, 13, 9][at]!]));

/**
 * Of the named ones, the characters of ASCII are known; a number needs no semicolon.
 *
 * @see HTML Living Standard §13.5
 */
function readEntity(bytes: Buffer, at: number): number {
  if (bytes[at + 1] === 0x23 /* # */) return readNumber(bytes, at);
  let end = at + 1;
  while (end - at <= maxNameLength && isLetter(bytes[end])) end += 1;
  if (end === at + 1 || bytes[end] !== 0x3b /* ; */) return 0;
  const codePoint = entities.get(bytes.toString("latin1", at + 1, end));
  return codePoint === undefined ? 0 : escapedCharacter(end + 1 - at, codePoint);
}

/** Of characters of ASCII: `VerticalLine`. */
const maxNameLength = 12;
const isLetter = (byte = 0) => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
/** As many digits as a code point has, and some zeros before it. */
const maxDigits = 10;

function readNumber(bytes: Buffer, at: number): number {
  const isHex = ((bytes[at + 2] ?? 0) | 0x20) === 0x78; /* x */
  const from = at + (isHex ? 3 : 2);
  let end = from;
  let codePoint = 0;
  for (; end - from < maxDigits; end++) {
    const digit = hexAt(bytes, end, 1);
    if (digit < 0 || (!isHex && digit > 9)) break;
    codePoint = codePoint * (isHex ? 16 : 10) + digit;
  }
  if (end === from || codePoint > 0x10ffff) return 0;
  return escapedCharacter(end - at + (bytes[end] === 0x3b ? 1 : 0), codePoint);
}

const entities = new Map(
  Object.entries({
    ...{ Tab: "\t", NewLine: "\n", excl: "!", quot: '"', QUOT: '"', num: "#", dollar: "$", percnt: "%" },
    ...{ amp: "&", AMP: "&", apos: "'", lpar: "(", rpar: ")", ast: "*", midast: "*", plus: "+", comma: "," },
    ...{ period: ".", sol: "/", colon: ":", semi: ";", lt: "<", LT: "<", equals: "=", gt: ">", GT: ">" },
    ...{ quest: "?", commat: "@", lsqb: "[", lbrack: "[", bsol: "\\", rsqb: "]", rbrack: "]", Hat: "^" },
    ...{
      lowbar: "_",
      UnderBar: "_",
      grave: "`",
      lcub: "{",
      lbrace: "{",
      verbar: "|",
      vert: "|",
      VerticalLine: "|",
    },
    ...{ rcub: "}", rbrace: "}" },
  }).map(([name, character]) => [name, character.charCodeAt(0)]),
);

/** Negative when there are not `digits` hexadecimal digits. */
function hexAt(bytes: Buffer, at: number, digits: number): number {
  let value = 0;
  for (let place = at; place < at + digits; place++) {
    const byte = bytes[place];
    if (byte === undefined) return -1;
    const digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
    if (digit < 0 || digit > 15 || (byte > 0x39 && digit < 10)) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** An escape is never shorter than its character in UTF-8. @see RFC 3629 §3 */
function writeUtf8(out: Buffer, codePoint: number, at: number): number {
  if (codePoint < 0x80) {
    out[at] = codePoint;
    return 1;
  }
  const last = 0x80 | (codePoint & 0x3f);
  if (codePoint < 0x800) {
    out[at] = 0xc0 | (codePoint >> 6);
    out[at + 1] = last;
    return 2;
  }
  const middle = 0x80 | ((codePoint >> 6) & 0x3f);
  if (codePoint < 0x10000) {
    out[at] = 0xe0 | (codePoint >> 12);
    out[at + 1] = middle;
    out[at + 2] = last;
    return 3;
  }
  out[at] = 0xf0 | (codePoint >> 18);
  out[at + 1] = 0x80 | ((codePoint >> 12) & 0x3f);
  out[at + 2] = middle;
  out[at + 3] = last;
  return 4;
}

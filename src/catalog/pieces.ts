/** Bodies with files in them: planned as pieces, whose bytes are read when they are sent. */

/** A file that a caller has handed over. A param that takes one has it in place of its handle. */
export class FileFacts {
  /** `file_…` */
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;

  constructor(facts: Omit<FileFacts, "shown">) {
    this.id = facts.id;
    this.name = facts.name;
    this.mediaType = facts.mediaType;
    this.size = facts.size;
    this.sha256 = facts.sha256;
  }

  /** The facts that a dry run shows in place of the bytes. */
  shown(): object {
    return { file: this.id, name: this.name, media_type: this.mediaType, size: this.size };
  }
}

/** `mime` is Base64 in lines of 76 characters. @see RFC 4648 §4 and §5, RFC 2045 §6.8 */
export type PieceEncoding = "base64" | "base64url" | "mime";

export interface EncodedPiece {
  encoding: PieceEncoding;
  pieces: readonly Piece[];
  /** Is it a text in JSON, in quotes? */
  isJsonText?: true;
}

export type Piece = Buffer | FileFacts | EncodedPiece;

/** A body of known length. */
export interface Pieces {
  pieces: readonly Piece[];
}

/** Bytes of the pieces once they are written. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + lengthOfOne(piece), 0);
}

function lengthOfOne(piece: Piece): number {
  if (piece instanceof FileFacts) return piece.size;
  if (Buffer.isBuffer(piece)) return piece.length;
  return encodedLength(piece.encoding, lengthOf(piece.pieces)) + (piece.isJsonText ? 2 : 0);
}

function encodedLength(encoding: PieceEncoding, length: number): number {
  if (encoding === "base64url") return Math.ceil((length * 4) / 3);
  const letters = 4 * Math.ceil(length / 3);
  const breaks = encoding === "mime" ? Math.max(0, Math.ceil(letters / lineLength) - 1) : 0;
  return letters + 2 * breaks;
}

const lineLength = 76;
/** A whole number of groups of three bytes, and of lines. */
const bytesPerLine = (lineLength / 4) * 3;

/** Writes the bytes of a piece in its encoding as they come. */
export interface Encoder {
  begin(): Buffer;
  push(bytes: Buffer): Buffer;
  end(): Buffer;
}

export function createEncoder({ encoding, isJsonText }: EncodedPiece): Encoder {
  const group = encoding === "mime" ? bytesPerLine : 3;
  const quote = Buffer.from(isJsonText ? '"' : "");
  let held: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const write = (bytes: Buffer) => {
    if (bytes.length === 0) return bytes;
    const text = bytes.toString(encoding === "base64url" ? "base64url" : "base64");
    if (encoding !== "mime") return Buffer.from(text, "latin1");
    const lines = text.replace(/.{76}(?=.)/g, "$&\r\n");
    const written = isFirst ? lines : `\r\n${lines}`;
    isFirst = false;
    return Buffer.from(written, "latin1");
  };
  return {
    begin: () => quote,
    push(bytes) {
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const cut = all.length - (all.length % group);
      held = all.subarray(cut);
      return write(all.subarray(0, cut));
    },
    end: () => Buffer.concat([write(held), quote]),
  };
}

const noFiles = (): Buffer => {
  throw new Error("These pieces have files.");
};

/** All bytes at once, of pieces without files or with small ones. */
export function joinPieces(pieces: readonly Piece[], bytesOf: (file: FileFacts) => Buffer = noFiles): Buffer {
  const written = pieces.map((piece) => {
    if (piece instanceof FileFacts) return bytesOf(piece);
    if (Buffer.isBuffer(piece)) return piece;
    const encoder = createEncoder(piece);
    return Buffer.concat([encoder.begin(), encoder.push(joinPieces(piece.pieces, bytesOf)), encoder.end()]);
  });
  return Buffer.concat(written);
}

/** The text of a body for people and agents to read: of files it has facts, in JSON, and nothing is encoded. */
export function showPieces(pieces: readonly Piece[]): string {
  return pieces.map(showPiece).join("");
}

function showPiece(piece: Piece): string {
  if (piece instanceof FileFacts) return JSON.stringify(piece.shown());
  if (Buffer.isBuffer(piece)) return piece.toString();
  const [only, ...others] = piece.pieces;
  const text = showPieces(piece.pieces);
  return piece.isJsonText && !(only instanceof FileFacts && others.length === 0)
    ? JSON.stringify(text)
    : text;
}

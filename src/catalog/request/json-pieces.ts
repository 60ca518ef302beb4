import type { EncodedPiece, Piece, Pieces } from "#catalog/pieces.js";

/** A text within a JSON body that is written when the body is sent. */
export class LateText {
  readonly piece: EncodedPiece;

  constructor(encoding: "base64" | "base64url", pieces: readonly Piece[]) {
    this.piece = { encoding, pieces, isJsonText: true };
  }
}

/** Half a character, which is refused in params and so in no other text of a body, and a number. */
const mark = /"\\ud800(\d+)"/;

/** A body as JSON; in pieces when it has late texts. */
export function writeJson(body: unknown): string | Pieces {
  const late: EncodedPiece[] = [];
  const text = JSON.stringify(body, (_, value) =>
    value instanceof LateText ? `\ud800${late.push(value.piece) - 1}` : value,
  );
  if (late.length === 0) return text;
  // Every second part is the number of a late text.
  const pieces = text.split(mark).map((part, at) => (at % 2 === 0 ? Buffer.from(part) : late[Number(part)]!));
  return { pieces };
}

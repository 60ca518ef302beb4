import type { RequestPlan } from "#catalog/integration.js";
import { createEncoder, FileFacts, lengthOf, type Piece } from "#catalog/pieces.js";
import { SkillettError } from "#core/errors.js";
import type { OutgoingBody } from "#upstream/send.js";

/** The bytes of a file of the caller. */
type ReadFile = (id: string) => AsyncIterable<Buffer>;

/** A planned body as it is sent. One with files is read anew for each attempt, a chunk at a time. */
export function outgoingBody(body: RequestPlan["body"], readFile: ReadFile): OutgoingBody {
  if (body === null || typeof body === "string" || Buffer.isBuffer(body)) return body;
  const { pieces } = body;
  return { length: lengthOf(pieces), open: () => write(pieces, readFile) };
}

async function* write(pieces: readonly Piece[], readFile: ReadFile): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else if (piece instanceof FileFacts) yield* whole(piece, readFile);
    else {
      const encoder = createEncoder(piece);
      yield encoder.begin();
      for await (const bytes of write(piece.pieces, readFile)) yield encoder.push(bytes);
      yield encoder.end();
    }
  }
}

/** A file that was deleted meanwhile is an error, so that no service takes a part of it for the whole. */
async function* whole({ id, name, size }: FileFacts, readFile: ReadFile): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const bytes of readFile(id)) {
    sent += bytes.length;
    yield bytes;
  }
  if (sent === size) return;
  throw new SkillettError("conflict", {
    message: `The file ${JSON.stringify(name)} was deleted while it was being sent. The service got a part of the request only.`,
    outcome: "not_done",
  });
}

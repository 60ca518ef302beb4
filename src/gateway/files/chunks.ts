/** Bytes of a chunk; the last one may have fewer. */
const chunkBytes = 256 * 1024;

/** The same bytes in pieces of one size, as they come. */
export async function* inChunks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    held.push(piece);
    size += piece.length;
    if (size < chunkBytes) continue;
    const all = Buffer.concat(held);
    const end = size - (size % chunkBytes);
    for (let at = 0; at < end; at += chunkBytes) yield all.subarray(at, at + chunkBytes);
    held = [all.subarray(end)];
    size -= end;
  }
  if (size > 0) yield Buffer.concat(held);
}

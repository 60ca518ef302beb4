interface Options {
  /** Of one line. */
  maxBytes: number;
  /** Without its line feed. */
  onLine: (line: Buffer) => void;
  /** With the beginning of a line that has more bytes; the rest of it is passed over. */
  onTooLong: (beginning: Buffer) => void;
}

/** Cuts a stream of bytes at line feeds; what stands behind the last one is no line yet. */
export function createLines({ maxBytes, onLine, onTooLong }: Options): { push: (chunk: Buffer) => void } {
  let held: Buffer[] = [];
  let size = 0;
  let isSkipping = false;

  function take(part: Buffer): void {
    if (isSkipping) return;
    held.push(part);
    size += part.length;
    if (size <= maxBytes) return;
    isSkipping = true;
    onTooLong(Buffer.concat(held).subarray(0, maxBytes));
    held = [];
  }

  function end(): void {
    if (!isSkipping) onLine(Buffer.concat(held));
    [held, size, isSkipping] = [[], 0, false];
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        take(chunk.subarray(from, at));
        end();
        from = at + 1;
      }
      if (from < chunk.length) take(chunk.subarray(from));
    },
  };
}

import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { buffer as readAll } from "node:stream/consumers";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";

/**
 * Text that comes from outside of the program, as UTF-8 and nothing else: bytes of another encoding would arrive
 * at a service as other characters, and nobody would notice. A byte order mark at its beginning is skipped.
 *
 * @param what names it in an error: `--params`, `The file notes.md`
 * @throws UsageError that says what it is, and how to write UTF-8
 * @see The Unicode Standard §23.8 (byte order mark)
 */
export function decodeText(bytes: Uint8Array, what: string): string {
  const utf16 = utf16Order(bytes);
  if (utf16 !== undefined)
    throw new UsageError(
      `${what} is UTF-16 (${utf16}), as PowerShell's > writes it, and must be UTF-8. ` +
        "In PowerShell: … | Out-File -Encoding utf8 <file>; elsewhere: iconv -f UTF-16 -t UTF-8.",
    );
  if (!isUtf8(bytes))
    throw new UsageError(
      `${what} is not UTF-8 (${place(bytes)}). Save it as UTF-8, or convert it: iconv -f <its encoding> -t UTF-8.`,
    );
  return new TextDecoder("utf-8").decode(bytes);
}

/** @throws UsageError when it cannot be read, or is no UTF-8 */
export function readTextFile(file: string, what: string): string {
  return decodeText(readBytes(file, what), `${what}: ${file}`);
}

/** @throws UsageError when it cannot be read */
export function readBytes(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${what}: ${file} cannot be read: ${code ?? message}.`);
  }
}

/** @throws UsageError when it is no UTF-8 */
export async function readStdin(host: Host, what: string): Promise<string> {
  return decodeText(await readAll(host.stdin()), `${what}: what came on stdin`);
}

/**
 * Node replaces bytes of a command line that are not UTF-8 by U+FFFD, so the original bytes are lost.
 *
 * @throws UsageError
 */
export function refuseBrokenArguments(args: string[]): void {
  const at = args.findIndex((arg) => arg.includes("\uFFFD") || !arg.isWellFormed());
  if (at < 0) return;
  const flag = /^--[\w.-]+/.exec(args[at] ?? "")?.[0] ?? /^--[\w.-]+/.exec(args[at - 1] ?? "")?.[0];
  throw new UsageError(
    `${flag ? `The value of ${flag}` : `Word ${at + 1} of the command line`} is not UTF-8: it has bytes that are no ` +
      "character. Use a terminal and a locale of UTF-8, or give the text in a file.",
  );
}

/** The byte order of UTF-16, by its mark or its zero bytes; undefined for other encodings. */
function utf16Order([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "little-endian, with a byte order mark";
  if (first === 0xfe && second === 0xff) return "big-endian, with a byte order mark";
  // No text of ours has U+0000; in UTF-16, every second byte of plain English is zero.
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0 && third !== undefined)
    return "little-endian";
  return first === 0 && second !== 0 && third === 0 && fourth !== 0 && second !== undefined
    ? "big-endian"
    : undefined;
}

function place(bytes: Uint8Array): string {
  let line = 1;
  let from = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    if (!isUtf8(bytes.subarray(from, end))) return `line ${line}`;
    line += 1;
    from = end + 1;
  }
  return `line ${line}`;
}

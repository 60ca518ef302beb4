import { Readable } from "node:stream";
import { download, freePath } from "#cli/files/transfer.js";
import type { ParsedFlags } from "#cli/run/flags.js";
import { type Called, printReply, tellAccount } from "#cli/run/reply.js";
import type { Session } from "#cli/server/session.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { readText } from "#client/client.js";
import type { TransportReply } from "#client/transport.js";

/**
 * Where `--output-file` says, absolute; undefined without it.
 *
 * @throws UsageError when nothing may be written there, before the call is made
 */
export function outputPath({ run }: Pick<ParsedFlags, "run">, host: Host): string | undefined {
  const target = run["output-file"];
  if (typeof target !== "string") {
    if (run.clobber) throw new UsageError("--clobber is for --output-file.");
    return undefined;
  }
  if (target === "-") throw new UsageError("--output-file takes a path: stdout is for JSON.");
  if (run.fields !== undefined) throw new UsageError("--fields has no meaning with --output-file.");
  return freePath(target, run.clobber === true, host);
}

/** Saves the file of an answer, and prints what is known of it. Any other answer is printed as it came. */
export async function saveReply(
  session: Session,
  reply: TransportReply,
  called: Called,
  path: string,
  host: Host,
): Promise<number> {
  const text = await readText(reply);
  const { status, data } = JSON.parse(text);
  const file = data?.file;
  if (status >= 400 || typeof file?.id !== "string" || typeof file.sha256 !== "string") {
    const body = Readable.from([Buffer.from(text)], { objectMode: false });
    return printReply({ ...reply, body }, called, undefined, host);
  }
  tellAccount(reply.headers, host);
  await download(session, file, path);
  // The file is here: its handle is of no use any more, and ends by itself when this fails.
  await session.client.deleteFile({ params: { id: file.id }, signal: session.signal }).catch(() => {});
  const { name, media_type, size, sha256 } = file;
  await printJson(host, { status, data: { file: { path, name, media_type, size, sha256 } } });
  return exitCodes.ok;
}

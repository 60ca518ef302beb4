import { type LocalFile, localFile, upload } from "#cli/files/transfer.js";
import type { ParamFlag } from "#cli/run/flags.js";
import type { Session } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { takesFiles } from "#core/file-handle.js";

/** Local files by the handle that stands for each in the params, until it is handed over. */
export type LocalFiles = ReadonlyMap<string, LocalFile>;

/**
 * The flags with stand-ins in place of `@path`, `@-` and `--<param>-file path`, for params that take a file. A handle
 * stays. Nothing is read yet.
 */
export function takeLocalFiles(
  flags: ParamFlag[],
  usesStdin: boolean,
  host: Host,
  problems: string[],
): { flags: ParamFlag[]; files: LocalFiles } {
  const files = new Map<string, LocalFile>();
  const replaced = flags.map((flag) => {
    if (!takesFiles(flag.schema)) return flag;
    const texts = flag.texts.map((text) => {
      const source = flag.isFile ? text : text.startsWith("@") ? text.slice(1) : undefined;
      if (source === undefined) return text;
      const standIn = `file_${files.size + 1}`;
      try {
        files.set(standIn, localFile(source, flag.spelling, host));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        problems.push(error.message);
      }
      return standIn;
    });
    return { ...flag, texts, isFile: false };
  });
  const readers = [...files.values()].filter(({ path }) => path === "-").length;
  if (readers + (usesStdin ? 1 : 0) > 1)
    problems.push("stdin can be read once, and is named more than once.");
  return { flags: replaced, files };
}

/** The facts of local files for a dry run, which hands nothing over. */
export function factsOf(files: LocalFiles): Record<string, { name: string; size: number }> {
  return Object.fromEntries([...files].map(([standIn, { name, size = 0 }]) => [standIn, { name, size }]));
}

/** Hands local files over, one after the other; gives the params with their handles. */
export async function uploadAll(
  session: Session,
  files: LocalFiles,
  params: Record<string, unknown>,
  host: Host,
): Promise<Record<string, unknown>> {
  const handles = new Map<unknown, string>();
  for (const [standIn, file] of files) handles.set(standIn, (await upload(session, file, host)).id);
  const replace = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(replace) : (handles.get(value) ?? value);
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, replace(value)]));
}

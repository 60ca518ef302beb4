import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { buffer as readAll } from "node:stream/consumers";
import { fetchText } from "#cli/integrations/fetch-text.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { decodeText, readBytes } from "#cli/terminal/text-input.js";

/** The text of a description, or the texts of a folder. */
export type ImportSource =
  | { kind: "description"; text: string; folder: string | null; fetchedFrom: string | null }
  | { kind: "folder"; name: string; files: Record<string, string> };

const what = "The description";

/**
 * Reads what somebody names on the command line.
 *
 * @param source a file, a folder, a URL, or `-` for stdin
 * @throws UsageError when it cannot be read
 */
export async function readSource(source: string, host: Host): Promise<ImportSource> {
  if (source === "-") {
    const text = decodeText(await readAll(host.stdin()), `${what}: what came on stdin`);
    return description(text, { folder: null });
  }
  if (/^https?:\/\//i.test(source)) {
    const { text, url } = await fetchText(source, host);
    return description(text, { fetchedFrom: url });
  }
  const absolute = path.resolve(host.directory ?? "", source);
  const facts = statSync(absolute, { throwIfNoEntry: false });
  if (!facts) throw new UsageError(`There is no file or folder ${source}.`);
  if (facts.isDirectory())
    return { kind: "folder", name: path.basename(absolute), files: readFolder(absolute, source) };
  const text = decodeText(readBytes(absolute, what), `${what}: ${source}`);
  return description(text, { folder: path.dirname(absolute) });
}

function description(
  text: string,
  { folder = null, fetchedFrom = null }: { folder?: string | null; fetchedFrom?: string | null },
): ImportSource {
  if (text.trim() === "") throw new UsageError(`${what} is empty.`);
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) {
    throw new UsageError(
      `${what} is a web page: look on it for a link to the OpenAPI document, often openapi.json or openapi.yaml.`,
    );
  }
  return { kind: "description", text, folder, fetchedFrom };
}

/** More than the server takes, which says so with all else. */
const maxFiles = 25_000;

/** The files that an integration is made of; others in the folder are for people. */
function readFolder(folder: string, named: string): Record<string, string> {
  const main = ["integration.yaml", "SKILL.md", "search.yaml"].filter((name) => isFile(folder, name));
  const endpoints = filesBelow(folder, "endpoints");
  const paths = [...main, ...endpoints];
  if (paths.length === 0) {
    throw new UsageError(
      `${named} is no folder of an integration: it has neither integration.yaml nor endpoints. Below it may be some.`,
    );
  }
  if (paths.length > maxFiles) throw new UsageError(`${named} has over ${maxFiles} files.`);
  return Object.fromEntries(
    paths.map((at) => [at, decodeText(readFileSync(path.join(folder, at)), `The file ${at}`)]),
  );
}

function isFile(folder: string, at: string): boolean {
  return lstatSync(path.join(folder, at), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Hidden files and symbolic links are left out. */
function filesBelow(folder: string, at: string): string[] {
  const facts = lstatSync(path.join(folder, at), { throwIfNoEntry: false });
  if (facts?.isFile()) return [at];
  if (!facts?.isDirectory()) return [];
  return readdirSync(path.join(folder, at))
    .filter((name) => !name.startsWith("."))
    .sort()
    .flatMap((name) => filesBelow(folder, `${at}/${name}`));
}

/** A file that the description refers to. @throws UsageError unless it lies beneath the description's folder */
export function readBeneath(folder: string, address: string): string {
  const file = path.resolve(folder, address);
  if (!file.startsWith(folder + path.sep))
    throw new UsageError(`The description refers to ${address}, which is not beneath its folder.`);
  return decodeText(readBytes(file, "The description refers to a file"), `The file ${address}`);
}

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import type { ParamFlag } from "#cli/run/flags.js";
import { isBytes } from "#cli/run/params-schema.js";
import type { Host } from "#cli/terminal/host.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { readBytes, readStdin, readTextFile } from "#cli/terminal/text-input.js";

/**
 * The flags with the texts of the files that `--<param>-file` names in their place. `-` is stdin, which can be
 * read once. A param of bytes gets the bytes of the file, in Base64.
 *
 * @param usesStdin does `--params -` read it already?
 * @throws UsageError when a file cannot be read, or is no UTF-8
 */
export async function readFileFlags(
  flags: ParamFlag[],
  usesStdin: boolean,
  host: Host,
  problems: string[],
): Promise<ParamFlag[]> {
  const fromStdin = flags.filter(({ isFile, texts }) => isFile && texts[0] === "-");
  if (fromStdin.length + (usesStdin ? 1 : 0) > 1) {
    problems.push(
      `stdin can be read once: ${fromStdin.map(({ spelling }) => `${spelling} -`).join(", ")}${usesStdin ? ", --params -" : ""}.`,
    );
    return flags;
  }
  return Promise.all(flags.map((flag) => (flag.isFile ? readFileFlag(flag, host) : flag)));
}

async function readFileFlag(flag: ParamFlag, host: Host): Promise<ParamFlag> {
  const { spelling, texts, schema } = flag;
  const pathOf = (file: string) => resolve(host.directory ?? "", file);
  const readText = (file: string) =>
    file === "-" ? readStdin(host, spelling) : readTextFile(pathOf(file), spelling);
  const readEncoded = async (file: string) => {
    const bytes = file === "-" ? await buffer(host.stdin()) : readBytes(pathOf(file), spelling);
    return bytes.toString("base64");
  };
  return { ...flag, texts: await Promise.all(texts.map(isBytes(schema) ? readEncoded : readText)) };
}

/**
 * Refuses `--body @notes.md` where such a file exists: it would send these words, while whoever has used curl or
 * gh expects the file. Words such as `@octocat thanks` are sent, and no file is ever read by mistake.
 */
export function noteFileNames(flags: ParamFlag[], host: Host, problems: string[]): void {
  for (const { spelling, texts, isFile, path } of flags) {
    const named = isFile ? undefined : texts.find((text) => isFileName(text, host));
    if (named === undefined) continue;
    const file = named.slice(1);
    problems.push(
      `${spelling} would send the words "${named}", not the file of that name. To send the file: ` +
        `${spelling}-file ${quoted(file)}; to send the words: --params ${quoted(JSON.stringify(nested(path, named)))}.`,
    );
  }
}

function isFileName(text: string, host: Host): boolean {
  if (!text.startsWith("@") || text.length < 2 || text.includes("\0")) return false;
  return statSync(resolve(host.directory ?? "", text.slice(1)), { throwIfNoEntry: false })?.isFile() === true;
}

function nested(path: string[], text: string): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), text);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StartupError } from "#core/startup-error.js";
import { replaceFile } from "#core/write-file.js";
import { type ListedTool, pinOf } from "#mcp-servers/pin.js";

/** A tool as the operator took it, and the name of its endpoint. */
export interface TakenTool {
  endpoint: string;
  tool: ListedTool;
}

/** The tools that the operator has taken of each server. They lie in the data folder, since a server may describe others at any time. */
export interface TakenTools {
  /** Null before anything was. @throws StartupError for a file that is not ours any more */
  read(slug: string): TakenTool[] | null;
  write(slug: string, taken: readonly TakenTool[]): void;
}

export function createTakenTools(dataDir: string): TakenTools {
  const fileOf = (slug: string) => join(dataDir, "mcp-servers", `${slug}.json`);
  return {
    read(slug) {
      const file = fileOf(slug);
      const text = textOf(file);
      if (text === null) return null;
      try {
        const { tools } = JSON.parse(text) as { tools: (TakenTool & { pin: string })[] };
        if (!tools.every(({ tool, pin }) => pinOf(tool) === pin))
          throw new Error("A pin is not that of its tool");
        return tools.map(({ endpoint, tool }) => ({ endpoint, tool }));
      } catch (error) {
        throw new StartupError(
          `${file} is not as it was written: ${(error as Error).message}. Delete it to take the tools of ${slug} as they are now.`,
        );
      }
    },
    write(slug, taken) {
      const tools = taken.map(({ endpoint, tool }) => ({ endpoint, pin: pinOf(tool), tool }));
      replaceFile(fileOf(slug), `${JSON.stringify({ tools }, null, 2)}\n`, 0o600);
    },
  };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartupError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { FileProblem, Known } from "#catalog/load/source.js";

/** The folder of one integration on disk. */
export interface Folder {
  slug: string;
  /** Text of a file in it, or null when there is none. */
  read(path: string): string | null;
  /** The content of a file that nobody needs to parse; its text is for the lines of problems. */
  known?(path: string): Known | undefined;
  /** `endpoints/<resource>/<name>.md`, sorted. Reports about anything else under `endpoints`. */
  endpointFiles(problems: FileProblem[]): string[];
}

/** A provider's file. */
export interface File {
  slug: string;
  /** Below the directory, for problems. */
  path: string;
  text: string;
}

/** The folder beside the integrations that describes who they sign in with. */
const providersFolder = "providers";

/** The integration folders in a directory, sorted. Hidden entries and plain files are no integrations. */
export function integrationFolders(dir: string): Folder[] {
  return entries(dir)
    .filter((name) => name !== providersFolder && isDirectory(join(dir, name)))
    .map((slug) => folder(join(dir, slug), slug));
}

/** `providers/<slug>.yaml` of a directory, sorted. Reports about anything else there. */
export function providerFiles(dir: string, problems: FileProblem[]): File[] {
  return list(dir, providersFolder).flatMap((path) => {
    if (path.endsWith(".yaml") && !isDirectory(join(dir, path))) {
      return { slug: basename(path, ".yaml"), path, text: readText(join(dir, path)) };
    }
    problems.push({ file: path, line: null, message: "is misplaced: providers are providers/<slug>.yaml" });
    return [];
  });
}

function folder(root: string, slug: string): Folder {
  return {
    slug,
    read(path) {
      const file = join(root, path);
      return existsSync(file) ? readText(file) : null;
    },
    endpointFiles(problems) {
      const misplaced = (path: string) =>
        problems.push({
          file: `${slug}/${path}`,
          line: null,
          message: "is misplaced: endpoints are endpoints/<resource>/<name>.md",
        });
      return list(root, "endpoints").flatMap((resource) => {
        if (!isDirectory(join(root, resource))) {
          misplaced(resource);
          return [];
        }
        const files = list(root, resource);
        for (const file of files) if (!isEndpointFile(root, file)) misplaced(file);
        return files.filter((file) => isEndpointFile(root, file));
      });
    },
  };
}

function readText(file: string): string {
  return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
}

function isEndpointFile(root: string, path: string): boolean {
  return path.endsWith(".md") && !isDirectory(join(root, path));
}

function list(root: string, path: string): string[] {
  return isDirectory(join(root, path)) ? entries(join(root, path)).map((name) => `${path}/${name}`) : [];
}

function entries(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => !name.startsWith("."))
    .sort();
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

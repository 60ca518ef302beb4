import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FolderPlace, ReadFolder } from "#catalog/load/load.js";
import type { AuthProvider } from "#catalog/provider.js";
import { replaceFileAside } from "#core/write-file.js";
import { compiledFormat, createEndpointReader, type EndpointReader } from "#integrations/compiled.js";
import { readFolder, writeFolder } from "#integrations/compiled-folder.js";
import { folderDigest } from "#integrations/folder-digest.js";

/** Where compiled folders are kept. */
export interface CachePlace {
  /** Made when there is something to keep, in a folder that is there; null: none are kept. */
  directory: string | null;
  /** The program, by its version and build: it trusts no others. */
  program: string;
}

/** Folders of integrations as they were compiled, so that a start parses only those that were changed. */
export interface FolderCache {
  readFolder: ReadFolder;
  /** Bytes of the folders that were read and have no problems, by slug. */
  compiled: ReadonlyMap<string, Buffer>;
  /** Keeps what was compiled anew, and forgets folders that are gone. Without a word where nothing can be written. */
  save(): Promise<void>;
}

/** Endpoints of the shared catalogue that are kept parsed: those that a server is asked for at one time. */
const maxParsed = 512;

export const createSharedReader = (): EndpointReader => createEndpointReader(maxParsed);

export function createFolderCache({ directory, program }: CachePlace): FolderCache {
  const read = createSharedReader();
  const compiled = new Map<string, Buffer>();
  const fresh = new Map<string, string>();
  const fileOf = (at: string, slug: string) => join(at, `${slug}.cache`);

  /** Undefined when there is nothing for this digest, or nothing that can be read. */
  function find(slug: string, digest: string, providers: Providers) {
    if (directory === null) return undefined;
    try {
      const kept = readFileSync(fileOf(directory, slug));
      const head = kept.subarray(0, digest.length).toString();
      if (head !== digest) return undefined;
      // The last line tells that all of it is there.
      if (kept.at(-1) !== lineFeed) return undefined;
      const bytes = kept.subarray(digest.length + 1, -1);
      return { integration: readFolder(bytes, providers, read), bytes };
    } catch {
      return undefined;
    }
  }

  return {
    compiled,
    readFolder(place, load) {
      const { slug } = place;
      const providers = usable(place);
      const digest = digestOf(place, program);
      const found = find(slug, digest, providers);
      if (found) {
        compiled.set(slug, found.bytes);
        return found.integration;
      }
      const loaded = load();
      if (!loaded?.isSound) return loaded?.integration ?? null;
      const bytes = writeFolder(loaded.integration);
      compiled.set(slug, bytes);
      // A file that was changed meanwhile may have been read in either state.
      if (digestOf(place, program) === digest) fresh.set(slug, digest);
      return readFolder(bytes, providers, read);
    },
    async save() {
      if (directory === null || !existsSync(dirname(directory))) return;
      try {
        await mkdir(directory, { mode: 0o700 }).catch(() => {});
        for (const name of await readdir(directory)) {
          if (!compiled.has(name.replace(/\.cache$/, ""))) await rm(join(directory, name), { force: true });
        }
        for (const [slug, digest] of fresh) {
          const parts = [Buffer.from(`${digest}\n`), compiled.get(slug)!, Buffer.of(lineFeed)];
          await replaceFileAside(fileOf(directory, slug), parts, 0o600);
        }
      } catch {
        // A disk that is full or read-only only makes the next start slower.
      }
    },
  };
}

const lineFeed = 10;

type Providers = ReadonlyMap<string, AuthProvider>;

/** Providers are digested, too, because what is compiled depends on their URLs. */
function digestOf({ root, slug, providers, isExamined }: FolderPlace, program: string): string {
  const context = JSON.stringify([program, compiledFormat, slug, isExamined, [...providers]]);
  return folderDigest(root, context);
}

const usable = ({ providers }: FolderPlace): Providers =>
  new Map([...providers].filter((entry): entry is [string, AuthProvider] => entry[1] !== null));

import { readCatalog } from "#catalog/load/load.js";
import type { FileProblem } from "#catalog/load/source.js";
import type { AuthProvider } from "#catalog/provider.js";
import type { Job } from "#core/job.js";
import { type CachePlace, createFolderCache } from "#integrations/folder-cache.js";

export interface FoldersToRead {
  /** As of `readCatalog`. */
  dirs: string[];
  cache: CachePlace;
}

export interface FoldersRead {
  problems: FileProblem[];
  /** By slug; null for one whose file has problems. */
  providers: [string, AuthProvider | null][];
  /** Those without problems, compiled, in the order in which they were read. */
  folders: { slug: string; bytes: Uint8Array }[];
}

/** Reads all folders, on a thread: thousands of files take seconds to parse. */
export const readFoldersJob: Job<FoldersToRead, FoldersRead> = {
  name: "readFolders",
  lane: { name: "folders", maxWaiting: 4 },
  run: async ({ dirs, cache: place }) => {
    const cache = createFolderCache(place);
    const { problems, providers } = readCatalog(dirs, cache.readFolder);
    await cache.save();
    const folders = [...cache.compiled].map(([slug, bytes]) => ({ slug, bytes }));
    return { problems: [...problems], providers: [...providers], folders };
  },
};

import type { FastifyBaseLogger } from "fastify";
import type { Catalog } from "#catalog/catalog.js";
import { type CatalogFiles, loadCatalog, readCatalog } from "#catalog/load/load.js";
import type { RunJob } from "#core/job.js";
import { countsOf } from "#integrations/catalog-changes.js";
import type { Catalogs } from "#integrations/catalogs.js";
import { writeFolders } from "#integrations/compiled-folder.js";
import { createFolderCache } from "#integrations/folder-cache.js";
import { createReload, type Reload } from "#integrations/reload.js";
import { cachePlace } from "#main/cache-place.js";
import type { Config } from "#main/config.js";

export interface Folders {
  /** As the folders are at the start. */
  shipped: Catalog;
  /** Keeps what had to be compiled for the next start. */
  save(): Promise<void>;
  createReload(parts: ReloadParts): Reload;
  /** Nobody waits for the answer of a reload, so the log has what is wrong. */
  tellOf(reloading: ReturnType<Reload>, logger: FastifyBaseLogger): Promise<void>;
}

interface ReloadParts {
  catalogs: Pick<Catalogs, "shared" | "replaceShared">;
  runJob: RunJob;
  /** As of `createReload`. */
  complete: (folders: Catalog) => Catalog;
  logger: FastifyBaseLogger;
}

/**
 * The folders of integrations: those that ship, and those of the operator.
 *
 * @param known what is in them, if they have been read before
 * @throws CatalogError with every problem of every file
 */
export function openFolders(config: Config, known?: CatalogFiles): Folders {
  const { integrationDirs: dirs, baseUrls, providerUrls } = config;
  const urls = { baseUrls, providerUrls };
  const place = cachePlace(config.dataDir);
  const cache = createFolderCache(place);
  const files = known ?? readCatalog(dirs, cache.readFolder);
  return {
    shipped: loadCatalog({ dirs, ...urls }, files),
    save: cache.save,
    createReload: ({ logger, ...parts }) =>
      createReload({
        ...parts,
        folders: { dirs, cache: place },
        urls,
        compiled: () => (known ? writeFolders(files.integrations) : cache.compiled),
        onReload: (changes) => logger.info(countsOf(changes), "the folders of integrations were read again"),
      }),
    tellOf: (reloading, logger) =>
      reloading.then(
        () => {},
        ({ message, issues }) => logger.error({ issues }, message),
      ),
  };
}

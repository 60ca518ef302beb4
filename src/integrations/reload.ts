import type { Catalog } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import { loadCatalog } from "#catalog/load/load.js";
import type { OperatorUrls } from "#catalog/load/replace-urls.js";
import { CatalogError, type FileProblem } from "#catalog/load/source.js";
import type { AuthProvider } from "#catalog/provider.js";
import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { type CatalogChanges, catalogChanges } from "#integrations/catalog-changes.js";
import type { Catalogs } from "#integrations/catalogs.js";
import { readFolderInTurns } from "#integrations/compiled-folder.js";
import { createSharedReader } from "#integrations/folder-cache.js";
import { type FoldersToRead, readFoldersJob } from "#integrations/folder-job.js";

/**
 * Reads the folders of this server again, and serves what is in them from then on. Calls that are under way finish with
 * what they began with.
 *
 * @throws SkillettError `conflict` with every problem of every file, and all stays as it is
 */
export type Reload = () => Promise<CatalogChanges>;

interface Deps {
  folders: FoldersToRead;
  urls: OperatorUrls;
  catalogs: Pick<Catalogs, "shared" | "replaceShared">;
  runJob: RunJob;
  /** The folders that are served now, compiled, by slug. */
  compiled: () => ReadonlyMap<string, Uint8Array>;
  /** A catalogue of folders with what else is shared. */
  complete: (folders: Catalog) => Catalog;
  onReload: (changes: CatalogChanges) => void;
}

export function createReload({
  folders,
  urls,
  catalogs,
  runJob,
  compiled,
  complete,
  onReload,
}: Deps): Reload {
  let current: ReadonlyMap<string, Uint8Array> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function reload(): Promise<CatalogChanges> {
    const read = await runJob("", readFoldersJob, () => folders);
    if (read.problems.length > 0) throw refusal(read.problems);
    const bytes = new Map(read.folders.map((folder) => [folder.slug, folder.bytes]));
    const next = complete(await toCatalog(bytes, new Map(read.providers), folders.dirs, urls));
    // Questions go on being answered from the old index while the new one is made.
    await next.prepareSearch();
    const before = current ?? compiled();
    const { integrations } = catalogs.shared();
    const isSame = (slug: string) => {
      const [was, is] = [before.get(slug), bytes.get(slug)];
      return was && is
        ? Buffer.compare(was, is) === 0
        : integrations.get(slug) === next.integrations.get(slug);
    };
    const changes = catalogChanges(integrations, next.integrations, isSame);
    catalogs.replaceShared(next);
    current = bytes;
    onReload(changes);
    return changes;
  }

  return () => {
    const mine = last.then(reload);
    last = mine.catch(() => {});
    return mine;
  };
}

async function toCatalog(
  folders: ReadonlyMap<string, Uint8Array>,
  providers: ReadonlyMap<string, AuthProvider | null>,
  dirs: string[],
  urls: OperatorUrls,
): Promise<Catalog> {
  const usable = new Map([...providers].filter((it): it is [string, AuthProvider] => it[1] !== null));
  const read = createSharedReader();
  const integrations = new Map<string, Integration>();
  for (const [slug, bytes] of folders) {
    integrations.set(
      slug,
      await readFolderInTurns(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), usable, read),
    );
  }
  try {
    return loadCatalog({ dirs, ...urls }, { integrations, providers, problems: [] });
  } catch (error) {
    throw error instanceof CatalogError ? refusal(error.problems) : error;
  }
}

function refusal(problems: readonly FileProblem[]): SkillettError {
  const issues = problems.map(({ file, line, message }) => ({
    at: line === null ? file : `${file}:${line}`,
    message,
  }));
  const count = issues.length === 1 ? "a problem" : `${issues.length} problems`;
  const [first] = issues;
  const more = issues.length === 1 ? "" : `, and ${issues.length - 1} more`;
  return new SkillettError("conflict", {
    message: `Nothing has changed, because the folders have ${count}: ${first!.at}: ${first!.message}${more}.`,
    issues,
  });
}

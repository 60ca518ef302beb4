import { statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "#core/version.js";
import type { CachePlace } from "#integrations/folder-cache.js";

/**
 * Compiled folders lie in the data folder, and are of this very build of the program. Run from its sources, which
 * change without notice, it keeps none.
 */
export function cachePlace(dataDir: string): CachePlace {
  const file = fileURLToPath(import.meta.url);
  if (path.extname(file) === ".ts") return { directory: null, program: "" };
  const { size, mtimeMs } = statSync(file);
  return { directory: path.join(dataDir, "catalog-cache"), program: `${version} ${size} ${mtimeMs}` };
}

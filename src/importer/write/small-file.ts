import { Unsupported } from "#importer/unsupported.js";
import type { ImportedFile } from "#importer/write/main-files.js";

/** Characters of an endpoint's file; an agent has to read it. */
const maxFileLength = 64 * 1024;

/**
 * The first of the files that is small enough.
 *
 * @param depths of schemas, the deepest first
 * @throws Unsupported when none is
 */
export function smallEnough(
  depths: readonly number[],
  make: (maxDepth: number) => ImportedFile,
): ImportedFile {
  for (const depth of depths) {
    const file = make(depth);
    if (file.text.length <= maxFileLength) return file;
  }
  throw new Unsupported(`the file of the endpoint would be larger than ${maxFileLength / 1024} KiB`);
}

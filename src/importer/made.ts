import type { Issue } from "#core/errors.js";
import type { ImportedFile } from "#importer/write/main-files.js";

/** The outcome of an import; with issues the rest is not to be used. */
export interface Made {
  title: string;
  version: string;
  files: ImportedFile[];
  endpoints: number;
  issues: Issue[];
}

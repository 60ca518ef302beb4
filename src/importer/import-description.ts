import { badRequest } from "#core/errors.js";
import { importOpenApi } from "#importer/openapi/import-openapi.js";
import type { ImportOptions } from "#importer/options.js";
import { toOpenApi } from "#importer/read/description.js";
import { createDocuments, type DescriptionTexts, DocumentsNeeded } from "#importer/read/documents.js";
import { parseText } from "#importer/read/parse.js";
import { createNotes, type ImportReport } from "#importer/report.js";
import type { ImportedFile } from "#importer/write/main-files.js";

/** A folder of text as `docs/integrations.md` describes it, and what became of the description. */
export interface Imported {
  files: ImportedFile[];
  endpoints: number;
  report: ImportReport;
}

/**
 * Makes an integration of the description of an API. Pure: nothing is fetched and nothing is written. The same
 * description and options always make the same.
 *
 * @param description OpenAPI 3, Swagger 2 or a Google discovery document, as JSON or YAML
 * @throws SkillettError `bad_request` with everything that is in the way; `DocumentsNeeded` when texts are missing that
 * the description refers to
 */
export function importDescription(description: DescriptionTexts, options: ImportOptions): Imported {
  const documents = createDocuments(description);
  const notes = createNotes();
  const { kind, document } = toOpenApi(parseText(description.text), documents);
  const made = importOpenApi(
    document,
    documents,
    { ...options, fetchedFrom: description.fetchedFrom },
    notes,
  );
  if (documents.needed.size > 0) throw new DocumentsNeeded([...documents.needed]);
  if (made.issues.length > 0) throw badRequest(made.issues);
  const { title, version, files, endpoints } = made;
  const report = { kind, title, version, endpoints, leftOut: notes.leftOut(), notes: notes.sentences() };
  return { files, endpoints, report };
}

import { badRequest } from "#core/errors.js";
import { importGraphql } from "#importer/graphql/import-graphql.js";
import { isGraphqlSchema } from "#importer/graphql/read-schema.js";
import { importOpenApi } from "#importer/openapi/import-openapi.js";
import type { ImportOptions } from "#importer/options.js";
import { toOpenApi } from "#importer/read/description.js";
import {
  createDocuments,
  type DescriptionTexts,
  type Documents,
  DocumentsNeeded,
} from "#importer/read/documents.js";
import { parseText } from "#importer/read/parse.js";
import { createNotes, type ImportReport, type Notes } from "#importer/report.js";
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
 * @param description OpenAPI 3, Swagger 2 or a Google discovery document, as JSON or YAML; a GraphQL schema in its language, or
 * the answer of an introspection
 * @throws SkillettError `bad_request` with everything that is in the way; `DocumentsNeeded` when texts are missing that
 * the description refers to
 */
export function importDescription(description: DescriptionTexts, options: ImportOptions): Imported {
  const documents = createDocuments(description);
  const notes = createNotes();
  const isGraphql = isGraphqlSchema(description.text);
  const { kind, made } = isGraphql
    ? { kind: "graphql" as const, made: importGraphql(description.text, options, notes) }
    : fromOpenApi(description, documents, options, notes);
  if (documents.needed.size > 0) throw new DocumentsNeeded([...documents.needed]);
  if (made.issues.length > 0) throw badRequest(made.issues);
  const { title, version, files, endpoints } = made;
  const report = { kind, title, version, endpoints, leftOut: notes.leftOut(), notes: notes.sentences() };
  return { files, endpoints, report };
}

function fromOpenApi(
  description: DescriptionTexts,
  documents: Documents,
  options: ImportOptions,
  notes: Notes,
) {
  const { text, fetchedFrom } = description;
  const { kind, document } = toOpenApi(parseText(text), documents);
  return { kind, made: importOpenApi(document, documents, { ...options, fetchedFrom }, notes) };
}

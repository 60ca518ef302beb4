import type { Issue } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";
import type { JsonObject } from "#importer/json-object.js";
import { asObject, asText } from "#importer/json-object.js";
import { nameOperations } from "#importer/naming/names.js";
import { wordsOf } from "#importer/naming/words.js";
import { carryAuth } from "#importer/openapi/auth.js";
import { createEndpointMaker } from "#importer/openapi/endpoint.js";
import { idOf, labelOf, type Operation, operationsOf, tagsOf } from "#importer/openapi/operations.js";
import { serverOf } from "#importer/openapi/servers.js";
import { Unsupported } from "#importer/openapi/unsupported.js";
import type { ImportOptions } from "#importer/options.js";
import type { Documents } from "#importer/read/documents.js";
import { createReferences } from "#importer/read/references.js";
import type { Notes } from "#importer/report.js";
import { oneLine } from "#importer/text.js";
import { writeEndpointFile } from "#importer/write/endpoint-file.js";
import { type ImportedFile, mainFiles } from "#importer/write/main-files.js";

/** More operations than this are refused: a person has to choose. */
const maxOperations = 20_000;

/** The outcome of an import; with issues the rest is not to be used. */
export interface Made {
  title: string;
  version: string;
  files: ImportedFile[];
  endpoints: number;
  issues: Issue[];
}

/** @param description OpenAPI 3.1 */
export function importOpenApi(
  description: JsonObject,
  documents: Documents,
  options: ImportOptions & { fetchedFrom: string | undefined },
  notes: Notes,
): Made {
  const references = createReferences(description, documents);
  const info = asObject(description.info);
  const name = oneLine(options.name ?? info.title, 60) || options.slug;
  const all = operationsOf(description, references);
  const issues = issuesOfChoice(all, options);
  const chosen = all.filter((it) => isChosen(it, options));
  const auth = carryAuth(description, chosen, references, notes);
  const fields = Object.values(auth).flatMap((method) => Object.keys(method.fields ?? {}));
  const server = serverOf(description, { ...options, fields: "none" in auth ? null : fields }, notes);
  if ("at" in server) issues.push(server);
  const product = new Set([...wordsOf(options.slug), ...wordsOf(asText(info.title))]);
  const endpointFiles =
    issues.length > 0
      ? []
      : endpointsOf(chosen, { description, references, product, slug: options.slug }, notes);
  if (issues.length === 0 && endpointFiles.length === 0) issues.push(nothingToCall(all));
  for (const reference of references.broken) {
    if (documents.needed.size === 0)
      notes.leaveOut("references that lead to nothing: any value is taken there", oneLine(reference, 200));
  }
  const about = asText(info.description);
  const main =
    "at" in server
      ? []
      : mainFiles({ slug: options.slug, name, about, server, headers: { accept: "application/json" }, auth });
  return {
    title: oneLine(info.title, 200),
    version: oneLine(info.version, 60),
    files: [...main, ...endpointFiles],
    endpoints: endpointFiles.length,
    issues,
  };
}

function isChosen(operation: Operation, { tags = [], operations = [] }: ImportOptions): boolean {
  const isTagged = tags.length === 0 || tagsOf(operation).some((tag) => tags.includes(tag));
  return isTagged && (operations.length === 0 || operations.includes(idOf(operation)));
}

function issuesOfChoice(all: readonly Operation[], { tags = [], operations = [] }: ImportOptions): Issue[] {
  const [knownTags, knownIds] = [new Set(all.flatMap(tagsOf)), new Set(all.map(idOf))];
  const unknown = (what: string, names: readonly string[], known: ReadonlySet<string>): Issue[] =>
    names
      .filter((name) => !known.has(name))
      .map((name) => ({
        at: what,
        message: `there is no ${name.slice(0, 100)} in the description.${didYouMean(name, known)}`,
      }));
  const tooMany: Issue[] =
    all.length > maxOperations && tags.length + operations.length === 0
      ? [
          {
            at: "description",
            message: `has ${all.length} operations, and ${maxOperations} can be imported: choose some by tag or by operation`,
          },
        ]
      : [];
  return [...tooMany, ...unknown("tags", tags, knownTags), ...unknown("operations", operations, knownIds)];
}

const nothingToCall = (all: readonly Operation[]): Issue => ({
  at: "description",
  message:
    all.length === 0
      ? "has no operations"
      : `has ${all.length} operations, of which none could be carried over`,
});

interface Surroundings {
  slug: string;
  description: JsonObject;
  references: ReturnType<typeof createReferences>;
  /** Words of the API's own name. */
  product: ReadonlySet<string>;
}

function endpointsOf(
  operations: readonly Operation[],
  { slug, description, references, product }: Surroundings,
  notes: Notes,
): ImportedFile[] {
  const names = nameOperations(
    operations.map((it) => ({ method: it.method, path: it.path, id: idOf(it) })),
    product,
  );
  const toEndpoint = createEndpointMaker(description, references, notes);
  return operations.flatMap((operation, i) => {
    try {
      const endpoint = toEndpoint(names[i]!, operation);
      const path = `endpoints/${endpoint.resource}/${endpoint.name}.md`;
      return [{ path, text: writeEndpointFile(`${slug}/${path}`, endpoint) }];
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      notes.leaveOut(`operations: ${error.message}`, labelOf(operation));
      return [];
    }
  });
}

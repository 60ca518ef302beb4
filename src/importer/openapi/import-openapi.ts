import type { Issue } from "#core/errors.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asText } from "#core/json-object.js";
import { didYouMean } from "#core/suggest.js";
import type { Made } from "#importer/made.js";
import { nameOperations } from "#importer/naming/names.js";
import { wordsOf } from "#importer/naming/words.js";
import { type AuthMethods, carryAuth } from "#importer/openapi/auth.js";
import { commonHeaders } from "#importer/openapi/common-headers.js";
import { createEndpointMaker, type EndpointContext } from "#importer/openapi/endpoint.js";
import { idOf, labelOf, type Operation, operationsOf, tagsOf } from "#importer/openapi/operations.js";
import { createBases, serverOf } from "#importer/openapi/servers.js";
import type { ImportOptions } from "#importer/options.js";
import type { Documents } from "#importer/read/documents.js";
import { createReferences, type References } from "#importer/read/references.js";
import type { Notes } from "#importer/report.js";
import { oneLine } from "#importer/text.js";
import { Unsupported } from "#importer/unsupported.js";
import { type ImportedEndpoint, writeEndpointFile } from "#importer/write/endpoint-file.js";
import { type ImportedFile, mainFiles } from "#importer/write/main-files.js";
import { smallEnough } from "#importer/write/small-file.js";

/** More operations than this are refused: a person has to choose. */
const maxOperations = 20_000;

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
  const made = { title: oneLine(info.title, 200), version: oneLine(info.version, 60) };
  if ("at" in server || issues.length > 0) {
    return { ...made, files: [], endpoints: 0, issues: "at" in server ? [...issues, server] : issues };
  }
  const common = commonHeaders(chosen, references, notes);
  const bases = createBases(server.base_url, description, options.fetchedFrom);
  const taken = new Set([...placesOf(auth), ...Object.keys(common).map((header) => `header ${header}`)]);
  const paths = all.map(({ path }) => path);
  const endpointFiles = endpointsOf(
    chosen,
    { description, references, bases, taken, paths, notes },
    options.slug,
  );
  noteBroken(references, documents, notes);
  const base_urls = Object.keys(bases.urls).length > 0 ? { base_urls: bases.urls } : {};
  const headers = { accept: "application/json", ...common };
  const main = {
    slug: options.slug,
    name,
    about: asText(info.description),
    server: { ...server, ...base_urls },
    headers,
    auth,
  };
  const files = [...mainFiles(main), ...endpointFiles];
  return { ...made, files, endpoints: endpointFiles.length, issues: issuesOfFiles(endpointFiles, all) };
}

/** Places of requests where credentials go. */
function placesOf(auth: AuthMethods): string[] {
  return Object.values(auth).flatMap(({ headers = {}, query = {} }) => [
    ...Object.keys(headers).map((header) => `header ${header}`),
    ...Object.keys(query).map((param) => `query ${param}`),
  ]);
}

function noteBroken({ broken }: References, documents: Documents, notes: Notes): void {
  if (documents.needed.size > 0) return;
  for (const reference of broken) {
    notes.leaveOut("references that lead to nothing: any value is taken there", oneLine(reference, 200));
  }
}

const maxTotal = 64 * 1024 * 1024;

function issuesOfFiles(files: readonly ImportedFile[], all: readonly Operation[]): Issue[] {
  if (files.length === 0) return [nothingToCall(all)];
  const total = files.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= maxTotal) return [];
  const message = `makes files of more than ${maxTotal / 1024 ** 2} MiB: choose some operations by tag or by id`;
  return [{ at: "description", message }];
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

/** Depths of schemas that are tried, until a file is small enough. */
const depths = [5, 3, 2, 1, 0];

function endpointsOf(
  operations: readonly Operation[],
  context: EndpointContext,
  slug: string,
): ImportedFile[] {
  const { notes, description } = context;
  const product = new Set([...wordsOf(slug), ...wordsOf(asText(asObject(description.info).title))]);
  const unnamed = operations.map((it) => ({ method: it.method, path: it.path, id: idOf(it) }));
  const names = nameOperations(unnamed, product);
  const make = createEndpointMaker(context);
  return operations.flatMap((operation, i) => {
    try {
      return [smallEnough(depths, (maxDepth) => toFile(slug, make(names[i]!, operation, maxDepth)))];
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      notes.leaveOut(`operations: ${error.message}`, labelOf(operation));
      return [];
    }
  });
}

function toFile(slug: string, endpoint: ImportedEndpoint): ImportedFile {
  const path = `endpoints/${endpoint.resource}/${endpoint.name}.md`;
  return { path, ...writeEndpointFile(`${slug}/${path}`, endpoint) };
}

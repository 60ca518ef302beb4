import { type IntegrationYaml, providerYaml } from "#catalog/front-matter.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { linearPatterns } from "#catalog/linear-pattern.js";
import { sent } from "#catalog/load/check-example.js";
import type { Folder } from "#catalog/load/folder.js";
import { checkExamples, createChecks } from "#catalog/load/load.js";
import type { KnownProviders } from "#catalog/load/load-auth.js";
import type { LoadedEndpoint } from "#catalog/load/load-endpoint.js";
import { type LoadedIntegration, loadIntegration } from "#catalog/load/load-integration.js";
import { loadProvider } from "#catalog/load/load-provider.js";
import { type FileProblem, type Known, readYaml } from "#catalog/load/source.js";
import { ownProvider } from "#catalog/provider.js";
import { createPlanner } from "#catalog/request/plan.js";
import { isInside } from "#core/inside-service.js";
import { type Check, createSchemaCompiler } from "#core/schema-check.js";

/** Files of a folder by their path in it: `endpoints/items/list_items.md`. */
export type Draft = ReadonlyMap<string, DraftFile>;

export interface DraftFile {
  text: string;
  /** Its content, where nobody needs to parse the text. */
  known?: Known | undefined;
}

export type Refined = ReadonlyMap<string, "person" | "generated">;

export interface LoadOptions {
  /** By path, files that are a generated one and words of a person together; whose its example is. */
  refined?: Refined;
  /** All others are generated, so their examples are right. */
  isGenerated?: boolean;
}

/** An integration, or everything that is wrong with its folder. */
export interface LoadedFolder {
  loaded: LoadedIntegration | null;
  problems: FileProblem[];
}

/** The file of a folder with a provider for this integration alone, `provider: own`; written like those of the instance. */
export const providerFile = "provider.yaml";

const kibibyte = 1024;
export const folderLimits = {
  files: 20_000,
  endpointBytes: 64 * kibibyte,
  /** Of any other file. */
  fileBytes: 256 * kibibyte,
  bytes: 64 * kibibyte * kibibyte,
};

/**
 * Loads the folder that a tenant brings, by the rules of all integrations and those for tenants: a service of this
 * program and the sign-in clients of the instance are not theirs.
 *
 * @param slug has been checked
 */
export function loadFolder(
  slug: string,
  draft: Draft,
  { refined = new Map(), isGenerated = false }: LoadOptions = {},
): LoadedFolder {
  const problems = boundProblems(slug, draft);
  if (problems.length > 0) return { loaded: null, problems };
  const compile = createSchemaCompiler();
  const own = ownProviders(slug, draft.get(providerFile), isGenerated, compile, problems);
  const named = checkBrought(slug, draft.get("integration.yaml"), own, problems);
  const providers = new Map([...named, ...own]);
  const loaded = loadIntegration(toFolder(slug, draft), providers, createChecks(compile), problems);
  // A file that is wrong in itself has no example to speak of.
  if (!loaded || problems.length > 0) return { loaded: null, problems };
  const compileParams = createSchemaCompiler({ regExp: linearPatterns });
  const exampleOf = ({ endpoint }: LoadedEndpoint) => refined.get(endpoint.file.slice(slug.length + 1));
  const { integration, endpoints } = loaded;
  for (const it of endpoints)
    if (exampleOf(it) === "generated") renewExample(integration, it.endpoint, compileParams);
  const checked = isGenerated ? endpoints.filter((it) => exampleOf(it) !== undefined) : endpoints;
  checkExamples({ integration, endpoints: checked }, compileParams);
  return { loaded: problems.length > 0 ? null : loaded, problems };
}

/** The request of a generated example, as the refined endpoint makes it. One that cannot be made is told by its check. */
function renewExample(
  integration: Integration,
  endpoint: Endpoint,
  compile: (schema: object) => Check,
): void {
  if (endpoint.composite) return;
  try {
    const plan = createPlanner(integration, endpoint, compile(endpoint.params))(endpoint.example.params);
    endpoint.example.sends = sent(integration, endpoint, plan);
  } catch {
    // The check of examples finds the same, and says where.
  }
}

/** Reports what is too large, and paths that lead out of the folder. */
export function boundProblems(slug: string, draft: Draft): FileProblem[] {
  if (draft.size > folderLimits.files)
    return [{ file: slug, line: null, message: `has over ${folderLimits.files} files` }];
  const problems: FileProblem[] = [];
  let bytes = 0;
  for (const [path, { text }] of draft) {
    const size = Buffer.byteLength(text);
    bytes += size;
    const maxBytes = path.startsWith("endpoints/") ? folderLimits.endpointBytes : folderLimits.fileBytes;
    const message =
      pathIssue(path) ?? textIssue(text) ?? (size > maxBytes ? `is over ${maxBytes / kibibyte} KiB` : null);
    if (message !== null) problems.push({ file: `${slug}/${shown(path)}`, line: null, message });
  }
  if (bytes > folderLimits.bytes)
    problems.push({
      file: slug,
      line: null,
      message: `is over ${folderLimits.bytes / kibibyte / kibibyte} MiB`,
    });
  return problems;
}

const maxPath = 256;

/** PostgreSQL has no place for it in a text. */
const textIssue = (text: string) => (text.includes("\0") ? "has a NUL character" : null);

function pathIssue(path: string): string | null {
  if (path.length > maxPath) return "has a path that is too long";
  const steps = path.split("/");
  const isPlain = !/[\\\p{Cc}\p{Cf}]/u.test(path);
  const isBelow = steps.every((step) => step !== "" && step !== "." && step !== ".." && step !== "__proto__");
  return isPlain && isBelow ? null : "has a path that is not one of a folder";
}

/** A path as a message may have it. */
const shown = (path: string) => JSON.stringify(path.slice(0, maxPath)).slice(1, -1);

function toFolder(slug: string, draft: Draft): Folder {
  const endpoints = [...draft.keys()].filter((path) => path.startsWith("endpoints/")).sort();
  const isEndpoint = (path: string) => /^endpoints\/[^/]+\/[^/]+\.md$/.test(path);
  return {
    slug,
    read: (path) => draft.get(path)?.text.replace(/^\uFEFF/, "") ?? null,
    known: (path) => draft.get(path)?.known,
    endpointFiles(problems) {
      for (const path of endpoints.filter((it) => !isEndpoint(it))) {
        const message = "is misplaced: endpoints are endpoints/<resource>/<name>.md";
        problems.push({ file: `${slug}/${path}`, line: null, message });
      }
      return endpoints.filter(isEndpoint);
    },
  };
}

/** The provider that a program has found for the service; a client of it is registered by a program as well. */
function ownProviders(
  slug: string,
  file: DraftFile | undefined,
  isGenerated: boolean,
  compile: (schema: object) => Check,
  problems: FileProblem[],
): KnownProviders {
  if (!file) return new Map();
  const path = `${slug}/${providerFile}`;
  if (!isGenerated) {
    problems.push({
      file: path,
      line: null,
      message: "is for MCP servers, which say themselves what is in it",
    });
    return new Map();
  }
  const provider = loadProvider(
    { slug: ownProvider, path, text: file.text },
    compile(providerYaml),
    problems,
  );
  return new Map([[ownProvider, provider]]);
}

/**
 * Reports what a tenant may not have.
 *
 * @param own providers of the folder
 * @returns the providers that the file names: the loader takes them for known, and for unusable
 */
function checkBrought(
  slug: string,
  file: DraftFile | undefined,
  providers: KnownProviders,
  problems: FileProblem[],
): ReadonlyMap<string, null> {
  const own: FileProblem[] = [];
  const source = file ? readYaml(`${slug}/integration.yaml`, file.text, own, { known: file.known }) : null;
  // The loader reads it too, and reports all else.
  own.length = 0;
  const { base_url: usual, auth } = (source?.value ?? {}) as Partial<IntegrationYaml>;
  if (typeof usual === "string" && isInside(usual)) {
    source!.report(["base_url"], "is of a service of this program: such are not for integrations of yours");
  }
  const named = Object.entries(auth ?? {}).flatMap(([name, method]) =>
    typeof method?.provider === "string" && !providers.has(method.provider)
      ? [[name, method.provider] as const]
      : [],
  );
  for (const [name] of named) {
    source!.report(
      ["auth", name, "provider"],
      "is for folders of the operator (SKILLETT_INTEGRATIONS_DIR), since people sign in with clients of this server. Ask for a token",
    );
  }
  problems.push(...own);
  return new Map(named.map(([, provider]) => [provider, null]));
}

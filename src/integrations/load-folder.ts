import type { IntegrationYaml } from "#catalog/front-matter.js";
import { linearPatterns } from "#catalog/linear-pattern.js";
import type { Folder } from "#catalog/load/folder.js";
import { checkExamples, createChecks } from "#catalog/load/load.js";
import { type LoadedIntegration, loadIntegration } from "#catalog/load/load-integration.js";
import { type FileProblem, readYaml } from "#catalog/load/source.js";
import { isInside } from "#core/inside-service.js";
import { createSchemaCompiler } from "#core/schema-check.js";

/** Files of a folder by their path in it: `endpoints/items/list_items.md`. */
export type FolderTexts = ReadonlyMap<string, string>;

/** An integration, or everything that is wrong with its folder. */
export interface LoadedFolder {
  loaded: LoadedIntegration | null;
  problems: FileProblem[];
}

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
export function loadFolder(slug: string, texts: FolderTexts): LoadedFolder {
  const problems = boundProblems(slug, texts);
  if (problems.length > 0) return { loaded: null, problems };
  const compile = createSchemaCompiler();
  const reported = checkBrought(slug, texts.get("integration.yaml"), problems);
  const loaded = loadIntegration(toFolder(slug, texts), reported, createChecks(compile), problems);
  // A file that is wrong in itself has no example to speak of.
  if (loaded && problems.length === 0)
    checkExamples(loaded, createSchemaCompiler({ regExp: linearPatterns }));
  return { loaded: problems.length > 0 ? null : loaded, problems };
}

/** What is too large, or has a path that leads out of the folder. */
function boundProblems(slug: string, texts: FolderTexts): FileProblem[] {
  if (texts.size > folderLimits.files)
    return [{ file: slug, line: null, message: `has over ${folderLimits.files} files` }];
  const problems: FileProblem[] = [];
  let bytes = 0;
  for (const [path, text] of texts) {
    const size = Buffer.byteLength(text);
    bytes += size;
    const most = path.startsWith("endpoints/") ? folderLimits.endpointBytes : folderLimits.fileBytes;
    const message = pathIssue(path) ?? (size > most ? `is over ${most / kibibyte} KiB` : null);
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

function pathIssue(path: string): string | null {
  if (path.length > maxPath) return "has a path that is too long";
  const steps = path.split("/");
  const isPlain = !/[\\\p{Cc}\p{Cf}]/u.test(path);
  const isBelow = steps.every((step) => step !== "" && step !== "." && step !== ".." && step !== "__proto__");
  return isPlain && isBelow ? null : "has a path that is not one of a folder";
}

/** A path as a message may have it. */
const shown = (path: string) => JSON.stringify(path.slice(0, maxPath)).slice(1, -1);

function toFolder(slug: string, texts: FolderTexts): Folder {
  const endpoints = [...texts.keys()].filter((path) => path.startsWith("endpoints/")).sort();
  const isEndpoint = (path: string) => /^endpoints\/[^/]+\/[^/]+\.md$/.test(path);
  return {
    slug,
    read: (path) => texts.get(path)?.replace(/^\uFEFF/, "") ?? null,
    endpointFiles(problems) {
      for (const path of endpoints.filter((it) => !isEndpoint(it))) {
        const message = "is misplaced: endpoints are endpoints/<resource>/<name>.md";
        problems.push({ file: `${slug}/${path}`, line: null, message });
      }
      return endpoints.filter(isEndpoint);
    },
  };
}

/**
 * Reports what a tenant may not have.
 *
 * @returns the providers that the file names: the loader takes them for known, and for unusable
 */
function checkBrought(
  slug: string,
  text: string | undefined,
  problems: FileProblem[],
): ReadonlyMap<string, null> {
  const own: FileProblem[] = [];
  const source = text === undefined ? null : readYaml(`${slug}/integration.yaml`, text, own);
  // The loader reads it too, and reports all else.
  own.length = 0;
  const { base_url: usual, auth } = (source?.value ?? {}) as Partial<IntegrationYaml>;
  if (typeof usual === "string" && isInside(usual)) {
    source!.report(["base_url"], "is of a service of this program: such are not for integrations of yours");
  }
  const named = Object.entries(auth ?? {}).flatMap(([name, method]) =>
    typeof method?.provider === "string" ? [[name, method.provider] as const] : [],
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

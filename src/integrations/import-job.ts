import { slugIssue } from "#catalog/load/load.js";
import type { FileProblem } from "#catalog/load/source.js";
import { badRequest } from "#core/errors.js";
import type { Job, Lane } from "#core/job.js";
import { type Changes, decide, type NewRoute, type Switch } from "#integrations/changes.js";
import { compiledFormat, writeEndpoint, writeIntegration } from "#integrations/compiled.js";
import { type Gain, gainsOf, type KnownKey } from "#integrations/gains.js";
import { type Generated, generate, type ImportOptions } from "#integrations/generate.js";
import type { Draft } from "#integrations/load-folder.js";
import { type Made, make, toRoutes } from "#integrations/make.js";
import { readStored, type Stored, toLines, type WrittenRoute } from "#integrations/stored.js";

/** An integration of a tenant is made one at a time: it takes memory. */
const importing: Lane = { name: "importing", maxWaiting: 4 };

export interface ImportOrder {
  /** Null: made of the title of the description. */
  slug: string | null;
  content: Content;
  /** As `content` says; empty for what is stored. */
  body: Buffer;
  options: ImportOptions;
  /** What there is under this slug. @see readStored */
  stored: Buffer;
  /** Keys of the tenant that work. */
  keys: KnownKey[];
}

/**
 * `description`: its text. `documents`: JSON with `description` and `documents`, texts by address. `folder`: JSON with
 * `files`, texts by path. `tools`: JSON of a `ServerDescription`. `stored`: what is stored is compiled anew.
 */
export type Content = "description" | "documents" | "folder" | "tools" | "stored";

export interface ImportOutcome {
  slug: string;
  problems: FileProblem[];
  /** Null with problems. */
  made: MadeIntegration | null;
}

export interface MadeIntegration {
  main: string;
  texts: string;
  overlay: string;
  format: number;
  /** Lines of `WrittenRoute`s. */
  routes: Buffer;
  bytes: number;
  endpoints: { on: number; off: number };
  diff: Changes;
  gains: Gain[];
  report: ImportReport;
}

/** An account of what became of the description, or of the folder. */
export interface ImportReport {
  kind: string;
  title: string;
  version: string;
  left_out: { what: string; count: number; examples: string[] }[];
  notes: string[];
}

/** Makes an integration: of a description, of a folder, or anew of what is stored. */
export const importJob: Job<ImportOrder, ImportOutcome> = {
  name: "importIntegration",
  lane: importing,
  run: importIntegration,
};

function importIntegration({
  slug,
  content,
  body,
  options,
  stored: bytes,
  keys,
}: ImportOrder): ImportOutcome {
  const stored = readStored(bytes);
  const generated = generate(content, body, { ...options, slug }, stored);
  const issue = slugIssue(generated.slug);
  if (issue !== null) throw badRequest([{ at: "query.slug", message: `${generated.slug}: ${issue}` }]);
  const made = make(generated, stored);
  if (!made.loaded) return { slug: generated.slug, problems: made.problems, made: null };
  const routes = toRoutes(made);
  const { switches, changes, gained } = decide(stored.routes, routes);
  const lines = toLines(written(made, routes, switches));
  const texts = JSON.stringify(mainTexts(made.generated));
  const overlay = JSON.stringify(Object.fromEntries(generated.overlay));
  const on = [...switches.values()].filter(({ enabled }) => enabled).length;
  return {
    slug: generated.slug,
    problems: [],
    made: {
      main: writeIntegration(made.loaded.integration),
      texts,
      overlay,
      format: compiledFormat,
      routes: lines,
      bytes: lines.length + texts.length + overlay.length,
      endpoints: { on, off: switches.size - on },
      diff: changes,
      gains: gainsOf(generated.slug, gained, keys),
      report: reportOf(generated, made),
    },
  };
}

function* written(
  { loaded, generated }: Made,
  routes: readonly NewRoute[],
  switches: ReadonlyMap<string, Switch>,
): Generator<WrittenRoute> {
  for (const [at, { endpoint }] of loaded!.endpoints.entries()) {
    const path = endpoint.file.slice(endpoint.integration.length + 1);
    yield {
      ...routes[at]!,
      ...switches.get(endpoint.name)!,
      path,
      text: generated.get(path)?.text ?? null,
      compiled: writeEndpoint(endpoint),
    };
  }
}

function mainTexts(generated: Draft): Stored["texts"] {
  const main = [...generated].filter(([path]) => !path.startsWith("endpoints/"));
  return Object.fromEntries(main.map(([path, { text }]) => [path, text]));
}

const maxExamples = 5;

function reportOf({ report }: Generated, { unused, dropped }: Made): ImportReport {
  const left = [
    ...report.left_out,
    ...(dropped.length > 0
      ? [
          {
            what: "what was made of it is no endpoint",
            count: dropped.length,
            examples: dropped.slice(0, maxExamples).map(({ file, message }) => `${file}: ${message}`),
          },
        ]
      : []),
  ];
  const orphans = unused.map(
    (path) => `${path} of the overlay refines an endpoint that is gone: it is kept.`,
  );
  return { ...report, left_out: left, notes: [...report.notes, ...orphans] };
}

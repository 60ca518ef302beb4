import { slugIssue } from "#catalog/load/load.js";
import type { FileProblem } from "#catalog/load/source.js";
import { badRequest } from "#core/errors.js";
import type { Job, Lane } from "#core/job.js";
import { type Changes, type Decided, decide, type NewRoute, type Switch } from "#integrations/changes.js";
import { compiledFormat, writeEndpoint, writeIntegration } from "#integrations/compiled.js";
import { type Gain, gainsOf, type KnownKey } from "#integrations/gains.js";
import { type Generated, generate } from "#integrations/generate.js";
import type { Draft } from "#integrations/load-folder.js";
import { type Made, make, toRoutes } from "#integrations/make.js";
import type { Content, ImportOptions, ImportReport } from "#integrations/order.js";
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
  /** The state of this slug until now. @see readStored */
  stored: Buffer;
  /** Keys of the tenant that work. */
  keys: KnownKey[];
}

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
  const { switches, changes, gained } =
    content === "stored" ? unchanged(stored, routes) : decide(stored.routes, routes);
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

/** Endpoints that are compiled anew keep their switches, also where they are compared in another way now. */
function unchanged(stored: Stored, routes: readonly NewRoute[]): Decided {
  const known = new Map(stored.routes.map(({ name, enabled, offReason }) => [name, { enabled, offReason }]));
  const added: Switch = { enabled: false, offReason: "new" };
  return {
    switches: new Map(routes.map(({ name }) => [name, known.get(name) ?? added])),
    changes: { added: [], removed: [], changed: [], renamed: [] },
    gained: [],
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

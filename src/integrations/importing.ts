import { hash } from "node:crypto";
import type { Catalog } from "#catalog/catalog.js";
import type { FileProblem } from "#catalog/load/source.js";
import type { Person } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import type { KnownKey } from "#integrations/gains.js";
import { otherHosts, refuseConnected, urlProblems } from "#integrations/hosts.js";
import { type ImportOutcome, importJob, type MadeIntegration } from "#integrations/import-job.js";
import type { Content, ImportOptions } from "#integrations/order.js";
import { toRows } from "#integrations/rows.js";
import type { StoredReader } from "#integrations/stored-reader.js";
import type { IntegrationRows } from "#store/integration-rows.js";
import type { IntegrationKind, IntegrationRow } from "#store/schema/integration-tables.js";
import type { Upstream } from "#upstream/send.js";

export interface ImportRequest {
  /** Null: of the title of the description, or of nothing for a folder. */
  slug: string | null;
  content: Exclude<Content, "stored">;
  body: Buffer;
  options: ImportOptions;
  /** Nothing is stored, and problems are part of the answer. */
  isDryRun: boolean;
  /** `import` when left out. */
  kind?: Exclude<IntegrationKind, "shipped">;
  /** Further facts about its origin, as JSON. */
  source?: Readonly<Record<string, unknown>>;
}

export interface Imported extends Omit<MadeIntegration, "main" | "texts" | "overlay" | "format" | "routes"> {
  slug: string;
  /** There was none of this slug before. */
  created: boolean;
  problems: FileProblem[];
}

/** Brings an integration into the catalogue of a tenant. Rights are checked before. */
export type ImportIntegration = (by: Importer, request: ImportRequest) => Promise<Imported>;

export type Importer = Pick<Person, "tenantId" | "profileId">;

interface Deps {
  /** The catalogue of what ships, and of the folders of the operator. */
  shared: () => Catalog;
  integrations: IntegrationRows;
  stored: StoredReader;
  /** Keys of a tenant that work. */
  workingKeys: (tenantId: string) => Promise<KnownKey[]>;
  countConnections: (tenantId: string, slug: string) => Promise<number>;
  upstream: Pick<Upstream, "check">;
  runJob: RunJob;
  clock: Clock;
}

/** Of all that a tenant imports, as it is stored. */
const maxBytes = 256 * 1024 * 1024;
/** Somebody may switch or import something while an import is being made. */
const maxTries = 3;

export function createImporting(deps: Deps): ImportIntegration {
  const { shared, integrations, stored, workingKeys, runJob, clock } = deps;

  async function run(tenantId: string, request: ImportRequest): Promise<ImportOutcome> {
    const { slug, content, body, options } = request;
    if (slug !== null) refuseShipped(shared(), slug);
    const outcome = await runJob(tenantId, importJob, async () => ({
      slug,
      content,
      body,
      options,
      stored: slug === null ? Buffer.alloc(0) : await stored.read(tenantId, slug),
      keys: await workingKeys(tenantId),
    }));
    if (slug !== null) return outcome;
    // Under the slug that the title gives there may be something already.
    refuseShipped(shared(), outcome.slug);
    const known = await integrations.get(tenantId, outcome.slug);
    return known ? run(tenantId, { ...request, slug: outcome.slug }) : outcome;
  }

  async function check(
    tenantId: string,
    {
      slug,
      kind,
      made,
      row,
    }: { slug: string; kind: string; made: MadeIntegration; row?: IntegrationRow | undefined },
  ): Promise<FileProblem[]> {
    if (row && row.kind !== kind) throw taken(slug, row.kind);
    const problems = urlProblems(slug, made.main, deps.upstream);
    if (problems.length > 0) return problems;
    if (otherHosts(row, made).length > 0) {
      refuseConnected(slug, otherHosts(row, made), await deps.countConnections(tenantId, slug));
    }
    await refuseTooMuch(tenantId, slug, made);
    return [];
  }

  async function refuseTooMuch(tenantId: string, slug: string, made: MadeIntegration): Promise<void> {
    const others = (await integrations.list(tenantId)).filter((it) => it.slug !== slug);
    const sizes = await Promise.all(
      others.map(async (it) => sizeOf(await integrations.get(tenantId, it.slug))),
    );
    const bytes = sizes.reduce((sum, it) => sum + it, made.bytes);
    if (bytes > maxBytes) throw tooMuch(bytes);
  }

  async function attempt(person: Importer, request: ImportRequest): Promise<Imported | null> {
    const { tenantId, profileId } = person;
    const seen = await integrations.catalogVersion(tenantId);
    const { kind = "import" } = request;
    const { slug, problems, made } = await run(tenantId, request);
    if (!made) return refused(slug, problems, request);
    const row = await integrations.get(tenantId, slug);
    const bad = await check(tenantId, { slug, kind, made, row });
    if (bad.length > 0) return refused(slug, bad, request);
    const { main, texts, overlay, format, routes, ...facts } = made;
    const imported = { slug, created: row === undefined, problems: [], ...facts };
    if (request.isDryRun) return imported;
    const now = clock();
    const isStored = await integrations.replaceImport(
      {
        tenant_id: tenantId,
        slug,
        kind,
        enabled: row?.enabled ?? 1,
        main,
        texts,
        overlay,
        ...origin(request, made, row),
        format,
        created_by: profileId,
        created_at: now,
        updated_at: now,
      },
      toRows(tenantId, slug, routes),
      { seen, unlessConnected: otherHosts(row, made).length > 0 },
    );
    return isStored ? imported : null;
  }

  return async (person, request) => {
    for (let tries = 0; tries < maxTries; tries++) {
      const imported = await attempt(person, request);
      if (imported) return imported;
    }
    throw new SkillettError("conflict", {
      message:
        "Integrations of this tenant were changed while this one was imported. Nothing was stored: try again.",
    });
  };
}

interface Source extends ImportOptions {
  content: Content;
  sha256: string;
  bytes: number;
}

function sourceOf({ content, body, options, source }: ImportRequest, { bytes }: MadeIntegration): Source {
  return { ...source, ...options, content, sha256: hash("sha256", body, "hex"), bytes };
}

/** The origin of what was generated, which an overlay does not change. */
function origin(
  request: ImportRequest,
  made: MadeIntegration,
  row: IntegrationRow | undefined,
): Pick<IntegrationRow, "source" | "report"> {
  if (made.report.kind !== "overlay" || !row?.source) {
    return { source: JSON.stringify(sourceOf(request, made)), report: JSON.stringify(made.report) };
  }
  const source: Source = { ...JSON.parse(row.source), bytes: made.bytes };
  return { source: JSON.stringify(source), report: row.report };
}

function sizeOf(row: IntegrationRow | undefined): number {
  return row?.source ? ((JSON.parse(row.source) as Partial<Source>).bytes ?? 0) : 0;
}

function refused(slug: string, problems: FileProblem[], { isDryRun }: ImportRequest): Imported {
  if (!isDryRun) {
    throw badRequest(
      problems.map(({ file, line, message }) => ({ at: line === null ? file : `${file}:${line}`, message })),
    );
  }
  return {
    slug,
    created: false,
    problems,
    bytes: 0,
    endpoints: { on: 0, off: 0 },
    diff: { added: [], removed: [], changed: [], renamed: [] },
    gains: [],
    report: { kind: "none", title: "", version: "", left_out: [], notes: [] },
  };
}

function refuseShipped({ integrations }: Catalog, slug: string): void {
  if (!integrations.has(slug)) return;
  throw new SkillettError("conflict", {
    message: `${slug} comes with this server. Give yours another name.`,
    next: ["skillett integrations import <file> --slug <other-name>"],
  });
}

function taken(slug: string, kind: IntegrationKind): SkillettError {
  const what = {
    mcp: "an MCP server",
    import: "an integration that was imported",
    shipped: "an integration that comes with this server",
  }[kind];
  return new SkillettError("conflict", { message: `${slug} is ${what} already. Give yours another name.` });
}

function tooMuch(bytes: number): SkillettError {
  const inMebibytes = (size: number) => `${Math.ceil(size / 1024 / 1024)} MiB`;
  return new SkillettError("plan_limit_reached", {
    message: `The integrations that this tenant has imported would take ${inMebibytes(bytes)}, and may take ${inMebibytes(maxBytes)}. Nothing was stored. Choose operations (--tag, --operation), or remove an integration.`,
  });
}

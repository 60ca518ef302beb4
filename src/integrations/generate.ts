import { badRequest } from "#core/errors.js";
import { importDescription } from "#importer/import-description.js";
import type { DescriptionTexts } from "#importer/read/documents.js";
import type { Content, ImportReport } from "#integrations/import-job.js";
import type { Sources } from "#integrations/make.js";
import { toolOf } from "#integrations/route-hash.js";
import { slugOf } from "#integrations/slug-of.js";
import type { Stored } from "#integrations/stored.js";
import { type ServerDescription, toServerFiles } from "#mcp-servers/server-files.js";

export interface ImportOptions {
  /** In place of that of the description. */
  baseUrl?: string | undefined;
  /** Only operations with one of these tags, or of these names. */
  tags?: string[] | undefined;
  operations?: string[] | undefined;
  /** URL that the description comes from. */
  fetchedFrom?: string | undefined;
  /** The folder refines what is stored, also when it has an integration.yaml. */
  overlay?: boolean | undefined;
}

/** A folder of text, before it is loaded. */
export interface Generated extends Sources {
  report: ImportReport;
}

/** @throws SkillettError `bad_request` for a body that is none of what it is said to be */
export function generate(
  content: Content,
  body: Buffer,
  { slug, ...options }: ImportOptions & { slug: string | null },
  stored: Stored,
): Generated {
  switch (content) {
    case "folder":
      return ofFolder(slug, filesOf(body), options.overlay ?? false, stored);
    case "tools":
      return ofServer(body, stored);
    case "stored":
      return { ...ofStored(slug!, stored), report: reportOf("stored") };
    case "documents":
      return ofDescription(slug, documentsOf(body), options, stored);
    case "description":
      return ofDescription(slug, { text: body.toString() }, options, stored);
  }
}

function ofDescription(
  given: string | null,
  texts: DescriptionTexts,
  { fetchedFrom, overlay: _, ...options }: ImportOptions,
  stored: Stored,
): Generated {
  const slug = given ?? slugOf(texts.text);
  const { files, report } = importDescription({ ...texts, fetchedFrom }, { ...options, slug });
  const { kind, title, version, leftOut, notes } = report;
  return {
    slug,
    generated: new Map(files.map(({ path, ...file }) => [path, file])),
    overlay: new Map(Object.entries(stored.overlay)),
    isGenerated: true,
    report: { kind, title, version, left_out: leftOut, notes },
  };
}

function documentsOf(body: Buffer): DescriptionTexts {
  const { description, documents = {} } = jsonOf(body);
  if (typeof description !== "string") throw badRequest([{ at: "description", message: "must be a text" }]);
  return { text: description, documents: Object.fromEntries(textsOf("documents", documents)) };
}

function ofFolder(
  slug: string | null,
  files: Map<string, string>,
  isOverlay: boolean,
  stored: Stored,
): Generated {
  if (slug === null)
    throw badRequest([{ at: "query.slug", message: "is missing: a folder has no name here" }]);
  if (!isOverlay && files.has("integration.yaml")) {
    const generated = new Map([...files].map(([path, text]) => [path, { text }]));
    const overlay = new Map(Object.entries(stored.overlay));
    return { slug, generated, overlay, isGenerated: false, report: reportOf("folder") };
  }
  if (stored.routes.length === 0) {
    const message = `has no integration.yaml, and there is no integration ${slug} of yours that it could refine`;
    throw badRequest([{ at: "files", message }]);
  }
  return { ...ofStored(slug, stored), overlay: files, report: reportOf("overlay") };
}

/** An endpoint keeps its name for as long as the server has its tool. */
function ofServer(body: Buffer, stored: Stored): Generated {
  const server = JSON.parse(body.toString()) as ServerDescription;
  const known = stored.routes.flatMap(({ hash, name }) => {
    const tool = toolOf(hash);
    return tool === undefined ? [] : [[tool, name] as const];
  });
  const { files, notes } = toServerFiles(server, new Map(known));
  const generated = new Map([...files].map(([path, text]) => [path, { text }]));
  const overlay = new Map(Object.entries(stored.overlay));
  const report = { ...reportOf("mcp"), title: server.name, notes };
  return { slug: server.slug, generated, overlay, isGenerated: true, report };
}

function ofStored(slug: string, { texts, overlay, routes }: Stored): Sources {
  const main = Object.entries(texts).map(([path, text]) => [path, { text }] as const);
  const endpoints = routes.flatMap(({ path, text }) =>
    path === null || text === null ? [] : [[path, { text }] as const],
  );
  const generated = new Map([...main, ...endpoints]);
  return { slug, generated, overlay: new Map(Object.entries(overlay)), isGenerated: true };
}

const reportOf = (kind: string): ImportReport => ({ kind, title: "", version: "", left_out: [], notes: [] });

const filesOf = (body: Buffer) => new Map(textsOf("files", jsonOf(body).files));

function textsOf(at: string, value: unknown): [name: string, text: string][] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest([{ at, message: "must be an object with texts by their place" }]);
  const entries = Object.entries(value as Record<string, unknown>);
  const odd = entries.filter(([, text]) => typeof text !== "string");
  if (odd.length > 0)
    throw badRequest(odd.map(([name]) => ({ at: `${at}.${name}`, message: "must be a text" })));
  return entries as [string, string][];
}

function jsonOf(body: Buffer): Record<string, unknown> {
  try {
    const value = JSON.parse(body.toString());
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw badRequest([{ at: "body", message: "must be a JSON object" }]);
}

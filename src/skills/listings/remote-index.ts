import { hash } from "node:crypto";
import { archiveLimits } from "#core/archive-limits.js";
import { badRequest, type SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import { type Budget, wholeBudget } from "#skills/archive/limits.js";
import { type ArchivedSkills, type SkippedSkill, skippedSkill } from "#skills/archive/read-archive.js";
import { hasErrors, type SkillProblem } from "#skills/format/problem.js";
import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFile, SkillFolder } from "#skills/format/skill-folder.js";
import { toSlug } from "#skills/format/slug.js";

/** Fetches at most `maxBytes`. Throws `payload_too_large` over it, `upstream_…` when there is no answer. */
export type Get = (request: {
  url: string;
  /** SECRET. */
  headers: Record<string, string>;
  maxBytes: number;
  signal: RequestSignal;
}) => Promise<{ status: number; body: Buffer }>;

/** Where the skills of a server are, and the token that opens them. */
export interface RemoteSource {
  url: string;
  /** SECRET. */
  token: string | null;
}

const indexPaths = ["/.well-known/agent-skills/index.json", "/.well-known/skills/index.json"];
const maxIndexBytes = 5 * 1024 * 1024;
const { fileBytes: maxFileBytes, packedBytes: maxTotalBytes } = archiveLimits;
const maxSkills = 500;
const maxFiles = 5000;
const atOnce = 8;

/** A skill as an index lists it, in its older form (`files`) or its newer one (`type`, `url`, `digest`). */
interface IndexEntry {
  name: string;
  type?: string;
  url?: string;
  digest?: string;
  files?: (string | IndexFile)[];
}

interface IndexFile {
  path: string;
  url?: string;
  digest?: string;
  executable?: boolean;
}

/** Inspects an archive within the limit of all of them together. */
type Unpack = (archive: Buffer, budget: Budget) => Promise<ArchivedSkills>;

/** A skill of a collection, with its problems, and the reason when it is left out. */
export interface ReadSkill {
  folder: SkillFolder | null;
  skipped: SkippedSkill | null;
  problems: SkillProblem[];
}

/**
 * Reads all skills that a server publishes, one after the other, so that only one is in memory. A file that does not
 * have its published digest ends the reading with an error; a skill that cannot be used is skipped and named.
 *
 * @see https://github.com/cloudflare/agent-skills-discovery-rfc
 */
export async function* readRemoteSkills(
  get: Get,
  source: RemoteSource,
  { unpack, signal }: { unpack: Unpack; signal: RequestSignal },
): AsyncGenerator<ReadSkill> {
  const { url, entries } = await readIndex(get, source, signal);
  const budget = { bytes: maxTotalBytes, files: maxFiles };
  const fetchFile = async (at: string, digest: string | undefined): Promise<Buffer> => {
    budget.files -= 1;
    if (budget.files < 0 || budget.bytes <= 0) throw tooMuch(url);
    const { status, body } = await get({
      url: at,
      headers: credential(source, at),
      maxBytes: maxFileBytes,
      signal,
    });
    if (status !== 200) throw unusable(at, `it answered ${status}`);
    budget.bytes -= body.length;
    if (budget.bytes < 0) throw tooMuch(url);
    if (digest !== undefined && !sameDigest(digest, body))
      throw unusable(at, "its bytes do not have the digest the index gives for them");
    return body;
  };

  const slugs = new Set<string>();
  const reading = { fetchFile, unpack: withinOneBudget(unpack) };
  for (const entry of entries) {
    const { folder, problems: own } = await readEntry(entry, url, reading);
    const isTaken = folder !== null && slugs.has(folder.slug);
    const all = isTaken ? [...own, slugTaken(folder)] : own;
    const problems = all.map((problem) => ({ ...problem, file: `${entry.name}/${problem.file}` }));
    if (folder === null || isTaken) {
      yield { folder: null, skipped: skippedSkill(entry.name, problems), problems };
      continue;
    }
    slugs.add(folder.slug);
    yield { folder, skipped: null, problems };
  }
}

function slugTaken({ slug, files }: SkillFolder): SkillProblem {
  const message = `goes by ${slug}, as does another skill there: rename one`;
  return { file: files[0]!.path, line: null, message, severity: "error" };
}

/** All archives share one limit, so each leaves less for the next. */
function withinOneBudget(unpack: Unpack): (archive: Buffer) => Promise<ArchivedSkills> {
  const left: Budget = { ...wholeBudget };
  return async (archive) => {
    const unpacked = await unpack(archive, left);
    for (const { folder } of unpacked.skills) {
      left.files -= folder.files.length;
      for (const { bytes } of folder.files) left.bytes -= bytes.length;
    }
    return unpacked;
  };
}

/** The URL of the index, whether the server's or the index's own was given. */
async function readIndex(
  get: Get,
  source: RemoteSource,
  signal: RequestSignal,
): Promise<{ url: string; entries: IndexEntry[] }> {
  const base = new URL(source.url);
  const isIndex = base.pathname.endsWith(".json");
  const below = base.pathname.replace(/\/+$/, "");
  const candidates = isIndex ? [base] : indexPaths.map((path) => new URL(below + path, base));
  let status = 404;
  for (const { href } of candidates) {
    const headers = credential(source, href);
    const answer = await get({ url: href, headers, maxBytes: maxIndexBytes, signal });
    status = answer.status;
    if (status === 200) return { url: href, entries: parseIndex(href, answer.body) };
    if (status !== 404) break;
  }
  const hint = status === 401 || status === 403 ? ": it wants another token" : "";
  throw unusable(candidates[0]!.href, `it answered ${status}${hint}`);
}

function parseIndex(url: string, body: Buffer): IndexEntry[] {
  let index: unknown;
  try {
    index = JSON.parse(body.toString("utf8"));
  } catch {
    throw unusable(url, "it is not JSON");
  }
  const skills = (index as { skills?: unknown } | null)?.skills;
  if (!Array.isArray(skills)) throw unusable(url, "it has no list `skills`");
  if (skills.length > maxSkills) throw unusable(url, `it lists ${skills.length} skills, over ${maxSkills}`);
  const broken = skills.findIndex((entry) => !isEntry(entry));
  if (broken >= 0) throw unusable(url, `skills[${broken}] has no name, or neither files nor a url`);
  const names = skills.map(({ name }: IndexEntry) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw unusable(url, `it lists ${twice} twice`);
  return skills;
}

function isEntry(entry: unknown): entry is IndexEntry {
  if (typeof entry !== "object" || entry === null) return false;
  const { name, url, files, digest } = entry as Record<string, unknown>;
  // Names come to stand in a URL; the rules of skills are stricter still.
  if (typeof name !== "string" || !/^[\p{L}\p{N}-]{1,64}$/u.test(name)) return false;
  if (digest !== undefined && typeof digest !== "string") return false;
  return Array.isArray(files) ? files.length > 0 && files.every(isFile) : typeof url === "string";
}

function isFile(file: unknown): boolean {
  if (typeof file === "string") return true;
  if (typeof file !== "object" || file === null) return false;
  const { path, url, digest } = file as Record<string, unknown>;
  const text = (value: unknown) => value === undefined || typeof value === "string";
  return typeof path === "string" && text(url) && text(digest);
}

type FetchFile = (url: string, digest: string | undefined) => Promise<Buffer>;

interface Reading {
  fetchFile: FetchFile;
  unpack(archive: Buffer): Promise<ArchivedSkills>;
}

async function readEntry(
  entry: IndexEntry,
  index: string,
  { fetchFile, unpack }: Reading,
): Promise<{ folder: SkillFolder | null; problems: SkillProblem[] }> {
  const { name, type, url, digest, files } = entry;
  if (type === "archive" && url !== undefined) {
    const at = resolve(url, index);
    return pickSkill(at, name, await unpack(await fetchFile(at, digest)));
  }
  if (files) return readSkillFolder(name, await fetchAll(entry, files, index, fetchFile));
  const bytes = await fetchFile(resolve(url!, index), digest);
  return readSkillFolder(name, [{ path: "SKILL.md", bytes, executable: false }]);
}

/** An archive is of the one skill that its entry names. */
function pickSkill(
  url: string,
  name: string,
  { skills, skipped, problems }: ArchivedSkills,
): { folder: SkillFolder | null; problems: SkillProblem[] } {
  const found = skills.find(({ folder, place }) => folder.slug === name || place === "");
  if (found) return { folder: { ...found.folder, slug: toSlug(name) ?? found.folder.slug }, problems };
  if (skipped.length > 0 || hasErrors(problems)) return { folder: null, problems };
  throw unusable(url, `there is no skill ${name} in it`);
}

async function fetchAll(
  { name }: IndexEntry,
  listed: (string | IndexFile)[],
  index: string,
  fetchFile: FetchFile,
): Promise<SkillFile[]> {
  const files = listed.map((file) => (typeof file === "string" ? { path: file } : file)) as IndexFile[];
  const read: SkillFile[] = [];
  for (let at = 0; at < files.length; at += atOnce) {
    const some = files.slice(at, at + atOnce).map(async ({ path, url, digest, executable }) => {
      const own = `${name}/${path}`.split("/").map(encodeURIComponent).join("/");
      const bytes = await fetchFile(resolve(url ?? `./${own}`, index), digest);
      return { path, bytes, executable: executable === true };
    });
    read.push(...(await Promise.all(some)));
  }
  return read;
}

function resolve(url: string, index: string): string {
  if (!URL.canParse(url, index)) throw unusable(index, `it names ${url}, which is no URL`);
  return new URL(url, index).href;
}

/** The token opens the server it was given for, and is shown to no other. */
function credential({ url, token }: RemoteSource, at: string): Record<string, string> {
  const own = token !== null && new URL(at).origin === new URL(url).origin;
  return { accept: "*/*", ...(own ? { authorization: `Bearer ${token}` } : {}) };
}

function sameDigest(digest: string, bytes: Buffer): boolean {
  return digest.toLowerCase().replace(/^sha256:/, "") === hash("sha256", bytes, "hex");
}

function unusable(url: string, why: string): SkillettError {
  return badRequest([{ at: "url", message: `${withoutQuery(url)} cannot be used: ${why}` }]);
}

const tooMuch = (url: string) => unusable(url, "it lists more than 50 MB or 5,000 files");

/** A query may hold a secret. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { SkillettError } from "#core/errors.js";
import { leftOut } from "#core/left-out.js";
import type { SkillProblem } from "#skills/format/problem.js";
import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFile, SkillFolder } from "#skills/format/skill-folder.js";
import { type Listing, type OwnListing, toListing } from "#skills/listings/listing.js";

/** The skills of a directory of the operator's. */
export interface DirectoryReader {
  /** As far as they have been read. */
  listings(): readonly OwnListing[];
  /** Looks through the directory, and reads the folders that have changed. */
  read(): Promise<void>;
}

interface Directory {
  source: string;
  kind: OwnListing["kind"];
  dir: string;
  /** Of skills that name none. */
  version?: string;
  /** Tells the operator about skills that are left out. */
  warn: (text: string) => void;
}

/** Levels below the directory: deeper lies what belongs to something else. */
const maxDepth = 12;

/** A folder as it was read, and the state of its files then. */
interface Known {
  state: string;
  /** Null when it cannot be used, about which the operator was warned. */
  listing: OwnListing | null;
}

export function createDirectoryReader(directory: Directory): DirectoryReader {
  const { dir, warn } = directory;
  let known = new Map<string, Known>();
  /** In the order they were found. */
  let current: OwnListing[] = [];

  async function readOne(at: string): Promise<Known> {
    const before = known.get(at);
    const state = await stateOf(at);
    if (before?.state === state) return before;
    const { folder, problems } = await readFolder(at);
    if (!folder) warn(`The skill in ${at} is left out: ${firstError(problems)}`);
    return { state, listing: folder && toOwn(directory, at, folder) };
  }

  return {
    listings: () => current,
    async read() {
      const isFirst = known.size === 0;
      const next = new Map<string, Known>();
      const found = new Map<string, string>();
      const listings: OwnListing[] = [];
      // During the first reading, those that ask get the listings so far.
      if (isFirst) current = listings;
      for await (const at of skillFolders(dir, warn)) {
        const one = await readOne(at).catch((error: Error): Known => {
          warn(`The skill in ${at} is left out: it cannot be read: ${error.message}`);
          return { state: "", listing: null };
        });
        next.set(at, one);
        if (!one.listing) continue;
        const other = found.get(one.listing.name);
        if (other) warn(`The skill in ${at} is left out: it goes by ${one.listing.name}, as does ${other}`);
        else {
          found.set(one.listing.name, at);
          listings.push(one.listing);
        }
        await nextTurn();
      }
      known = next;
      current = listings;
    },
  };
}

/** The files are read again when the listing is used: a directory may hold many megabytes. */
function toOwn({ source, kind, version }: Directory, at: string, folder: SkillFolder): OwnListing {
  const load = async (): Promise<{ listing: Listing; folder: SkillFolder }> => {
    const now = await readFolder(at);
    if (now.folder) return { listing: toListing(source, now.folder, version), folder: now.folder };
    const message = `The operator's skill ${path.basename(at)} cannot be used now. ${firstError(now.problems)}`;
    throw new SkillettError("conflict", { message });
  };
  return { ...toListing(source, folder, version), kind, load };
}

export function firstError(problems: readonly SkillProblem[]): string | undefined {
  const first = problems.find(({ severity }) => severity === "error");
  return first && `${first.file}: ${first.message}`;
}

async function readFolder(at: string): Promise<ReturnType<typeof readSkillFolder>> {
  const { files, odd } = await namesBelow(at);
  if (odd.length > 0) {
    const message = "is a symbolic link or a device: put the file itself in its place";
    return { folder: null, problems: [{ file: odd[0]!, line: null, message, severity: "error" }] };
  }
  const read: SkillFile[] = [];
  for (const name of files) {
    const file = path.join(at, name);
    const [bytes, { mode }] = await Promise.all([readFile(file), stat(file)]);
    read.push({ path: name, bytes, executable: (mode & 0o111) !== 0 });
  }
  return readSkillFolder(path.basename(at), read);
}

/** Changes with any of its files, as far as their sizes and times tell. */
async function stateOf(at: string): Promise<string> {
  const { files, odd } = await namesBelow(at);
  const states = await Promise.all(
    files.map(async (name) => {
      const { size, mtimeMs, mode } = await stat(path.join(at, name));
      return [name, size, mtimeMs, mode];
    }),
  );
  return JSON.stringify([odd, states]);
}

interface Names {
  files: string[];
  /** Neither files nor folders: links, devices. */
  odd: string[];
}

async function namesBelow(dir: string, prefix = ""): Promise<Names> {
  const all: Names = { files: [], odd: [] };
  for (const entry of await entriesOf(path.join(dir, prefix))) {
    const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) {
      const { files, odd } = await namesBelow(dir, name);
      all.files.push(...files);
      all.odd.push(...odd);
    } else (entry.isFile() ? all.files : all.odd).push(name);
  }
  return all;
}

/** Folders that have a SKILL.md, or mean to; not those within one. */
async function* skillFolders(dir: string, warn: Directory["warn"], depth = 0): AsyncGenerator<string> {
  const entries = await entriesOf(dir).catch((error: Error) => {
    warn(`${dir} is left out: it cannot be read: ${error.message}`);
    return [];
  });
  // The directory itself is where skills are, and no skill.
  if (depth > 0 && entries.some(({ name }) => /^skill\.md$/i.test(name))) {
    yield dir;
    return;
  }
  for (const entry of entries) {
    const at = path.join(dir, entry.name);
    if (entry.isSymbolicLink() && (await leadsToDirectory(at)))
      warn(`${at} is left out: it is a symbolic link, which is not followed. Put the folder itself there.`);
    if (!entry.isDirectory()) continue;
    if (depth < maxDepth) yield* skillFolders(at, warn, depth + 1);
    else warn(`${at} is left out: it lies over ${maxDepth} levels deep.`);
  }
}

async function leadsToDirectory(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

async function entriesOf(dir: string) {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries.filter(({ name }) => !leftOut.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

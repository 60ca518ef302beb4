import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Integration } from "#catalog/integration.js";
import { SkillettError } from "#core/errors.js";
import { readSkillFolder, type SkillFile, type SkillFolder } from "#skills/folder.js";
import { type OwnListing, toListing } from "#skills/listing.js";

/** Name of the source that ships with the program. */
export const builtInSource = "skillett";

interface Parts {
  integrations: Iterable<Integration>;
  /** Skill folders that ship with the program. */
  builtInDir: string;
  /** The operator's directories of skill folders. */
  dirs: string[];
  /** Of the program: that of first-party skills. */
  version: string;
  /** Tells the operator of a folder that is left out. */
  warn: (text: string) => void;
}

/** What the operator's side offers to every tenant: first-party skills, then those of the directories. */
export function ownListings({ integrations, builtInDir, dirs, version, warn }: Parts): OwnListing[] {
  const builtIn = [
    ...[...integrations].map((integration) => fromIntegration(integration, version, warn)),
    ...fromDirectory(builtInSource, "builtin", builtInDir, version, warn),
  ];
  const names = new Set([builtInSource, "sources"]);
  const others = dirs.flatMap((dir) =>
    fromDirectory(sourceName(dir, names), "directory", dir, undefined, warn),
  );
  return [...builtIn.flatMap((listing) => listing ?? []), ...others];
}

function fromIntegration(
  integration: Integration,
  version: string,
  warn: Parts["warn"],
): OwnListing | undefined {
  const { folder, problems } = readSkillFolder(`skillett-${integration.slug}`, integrationFiles(integration));
  if (!folder) {
    warn(`The skill of the integration ${integration.slug} is left out: ${firstError(problems)}`);
    return undefined;
  }
  const listing = toListing(builtInSource, folder, version);
  listing.category ??= integration.category;
  return { ...listing, kind: "builtin", load: async () => ({ listing, folder }) };
}

/** An endpoint's page is a reference: one level below SKILL.md, as the format wants it. */
function integrationFiles({ files }: Integration): SkillFile[] {
  const flat = (text: string) => text.replaceAll(/\bendpoints\/[\w-]+\/([\w-]+\.md)/g, "references/$1");
  return files.map(({ path: at, content }) => ({
    path: flat(at),
    bytes: Buffer.from(at === "SKILL.md" ? flat(content) : content),
    executable: false,
  }));
}

function fromDirectory(
  source: string,
  kind: OwnListing["kind"],
  dir: string,
  version: string | undefined,
  warn: Parts["warn"],
): OwnListing[] {
  const seen = new Set<string>();
  return skillDirectories(dir).flatMap((at) => {
    const { folder, problems } = readDirectory(at);
    const why = !folder ? firstError(problems) : seen.has(folder.name) ? "its name is taken" : undefined;
    if (!folder || why) {
      warn(`The skill in ${at} is left out: ${why}`);
      return [];
    }
    seen.add(folder.name);
    // Only what is needed to list it is kept: a directory may hold many megabytes.
    const load = async () => {
      const now = readAgain(at);
      return { listing: toListing(source, now, version), folder: now };
    };
    return [{ ...toListing(source, folder, version), kind, load }];
  });
}

function readAgain(dir: string): SkillFolder {
  const { folder, problems } = readDirectory(dir);
  if (folder) return folder;
  const message = `The operator's skill ${path.basename(dir)} cannot be used now. ${firstError(problems)}`;
  throw new SkillettError("conflict", { message });
}

function readDirectory(dir: string): ReturnType<typeof readSkillFolder> {
  return readSkillFolder(path.basename(dir), filesBelow(dir, ""));
}

const firstError = (problems: { file: string; message: string; severity: string }[]) => {
  const first = problems.find(({ severity }) => severity === "error");
  return first && `${first.file}: ${first.message}`;
};

/** Directories that hold a SKILL.md, at most a few levels down; links are not followed. */
function skillDirectories(dir: string, depth = 4): string[] {
  return entries(dir).flatMap((entry) => {
    if (!entry.isDirectory()) return [];
    const at = path.join(dir, entry.name);
    if (entries(at).some(({ name }) => /^skill\.md$/i.test(name))) return [at];
    return depth > 1 ? skillDirectories(at, depth - 1) : [];
  });
}

function filesBelow(dir: string, prefix: string): SkillFile[] {
  return entries(path.join(dir, prefix)).flatMap((entry) => {
    const at = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(dir, at);
    if (!entry.isFile()) return [];
    const file = path.join(dir, at);
    return [{ path: at, bytes: readFileSync(file), executable: (statSync(file).mode & 0o111) !== 0 }];
  });
}

function entries(dir: string) {
  return readdirSync(dir, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `/srv/Acme Skills` → `acme-skills`, with a number when that is taken. */
function sourceName(dir: string, taken: Set<string>): string {
  const base =
    path
      .basename(dir)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 60) || "directory";
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
  taken.add(name);
  return name;
}

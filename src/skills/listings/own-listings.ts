import path from "node:path";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Integration } from "#catalog/integration.js";
import { skillFiles } from "#catalog/page.js";
import type { Clock } from "#core/clock.js";
import { readSkillFolder } from "#skills/format/read-folder.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import {
  createDirectoryReader,
  type DirectoryReader,
  firstError,
} from "#skills/listings/directory-reader.js";
import { type OwnListing, toListing } from "#skills/listings/listing.js";

/** Name of the source that ships with the program. */
export const builtInSource = "skillett";

interface Parts {
  /** All that are shared, as they are now: the same map for as long as nothing changes. */
  integrations: () => ReadonlyMap<string, Integration>;
  /** Skill folders that ship with the program. */
  builtInDir: string;
  /** The operator's directories of skill folders. */
  dirs: string[];
  /** Of the program: that of first-party skills. */
  version: string;
  /** Tells the operator of a folder that is left out. */
  warn: (text: string) => void;
  clock: Clock;
}

/** The listings of the operator, for every tenant: first-party skills, then those of the directories. */
export interface OwnListings {
  /** Names of its sources. */
  names: ReadonlySet<string>;
  /** As far as they have been read: the first reading is waited for, but not for long. */
  list(): Promise<readonly OwnListing[]>;
}

/** How long a request waits for the first reading, in ms. */
const patience = 5000;
/** Age after which a request has the directories looked through again, in ms. */
const freshFor = 60_000;

/** Reads the directories in the background, from now on: thousands of skills take a while. */
export function createOwnListings({
  integrations,
  builtInDir,
  dirs,
  version,
  warn,
  clock,
}: Parts): OwnListings {
  const names = new Set([builtInSource]);
  const tell = once(warn);
  let builtIn: OwnListing[] = [];
  let listedOf: ReadonlyMap<string, Integration> | undefined;
  async function readBuiltIn(): Promise<void> {
    const current = integrations();
    if (current === listedOf) return;
    const made: OwnListing[] = [];
    for (const integration of current.values()) {
      made.push(...listingOf(integration, version, tell));
      // The pages of thousands of endpoints take a while.
      await nextTurn();
    }
    [builtIn, listedOf] = [made, current];
  }
  const readers = [
    createDirectoryReader({ source: builtInSource, kind: "builtin", dir: builtInDir, version, warn: tell }),
    ...dirs.map((dir) =>
      createDirectoryReader({ source: sourceName(dir, names), kind: "directory", dir, warn: tell }),
    ),
  ];
  let lastRead = clock();
  let isRead = false;
  let reading: Promise<void> | null = null;
  const read = async () => {
    await readBuiltIn();
    for (const reader of readers) await reader.read();
    [isRead, lastRead, reading] = [true, clock(), null];
  };
  reading = read();
  return {
    names,
    async list() {
      const isReplaced = listedOf !== integrations();
      if (isRead && reading === null && (isReplaced || clock() - lastRead > freshFor)) reading = read();
      if (isReplaced || !isRead) await Promise.race([reading, delay(patience, undefined, { ref: false })]);
      return [...builtIn, ...readers.flatMap(listed)];
    },
  };
}

const listed = (reader: DirectoryReader) => reader.listings();

/** Directories are looked through again and again: each warning is given once. */
function once(warn: Parts["warn"]): Parts["warn"] {
  const warned = new Set<string>();
  return (text) => {
    if (!warned.has(text)) warn(text);
    warned.add(text);
  };
}

function listingOf(integration: Integration, version: string, warn: Parts["warn"]): OwnListing[] {
  const { folder, problems } = folderOf(integration);
  if (!folder) {
    warn(`The skill of the integration ${integration.slug} is left out: ${firstError(problems)}`);
    return [];
  }
  const listing = toListing(builtInSource, folder, version);
  listing.category ??= integration.category;
  // Its files are made anew when somebody wants them: there may be thousands.
  return [
    { ...listing, kind: "builtin", load: async () => ({ listing, folder: folderOf(integration).folder! }) },
  ];
}

const folderOf = (integration: Integration) =>
  readSkillFolder(`skillett-${integration.slug}`, integrationFiles(integration));

/** An endpoint's page is a reference: one level below SKILL.md, as the format wants it. */
function integrationFiles(integration: Integration): SkillFile[] {
  const flat = (text: string) => text.replaceAll(/\bendpoints\/[\w-]+\/([\w-]+\.md)/g, "references/$1");
  return skillFiles(integration).map(({ path: at, content }) => ({
    path: flat(at),
    bytes: Buffer.from(at === "SKILL.md" ? flat(content) : content),
    executable: false,
  }));
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

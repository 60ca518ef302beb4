import { posix } from "node:path";
import git, { type TreeEntry } from "isomorphic-git";
import { packTar, type TarEntry } from "modern-tar";
import { marketplaceFile } from "#skills/archive/marketplace.js";
import { shorten } from "#skills/format/paths.js";
import type { SkillProblem } from "#skills/format/problem.js";
import { isSkillMd } from "#skills/format/skill-folder.js";
import { createMemoryFiles } from "#skills/git/memory-files.js";
import { checkPack, packOf, unusable } from "#skills/git/pack.js";
import { wrong } from "#skills/git/url.js";

export interface GitAnswer {
  /** Of `git-upload-pack`, as it came. */
  answer: Buffer;
  /** Object that was asked for: a commit, or a tag of one. */
  commit: string;
  /** Folder to read; null for the whole repository. */
  folder: string | null;
}

/** The skills of a commit as a tar, and warnings about files that were left out of it. */
export interface GitFiles {
  archive: Buffer;
  problems: SkillProblem[];
}

const repository = { dir: "/", gitdir: "/git" };
const packFile = "objects/pack/pack-0.pack";
/** Entries of all folders together. */
const maxEntries = 100_000;
const maxDepth = 32;
const maxBytes = 45 * 1024 * 1024;
const lfsPointer = "version https://git-lfs.github.com/spec/v1\n";
const modes = { executable: "100755", link: "120000" };

/**
 * Takes the skills out of what a git server sent: every folder with a SKILL.md, and the marketplace.json files that
 * name some. Pure and heavy: bytes in, bytes out.
 *
 * @throws bad_request for an answer that is no repository, over a limit, or for a folder that is not in it
 */
export async function readGitFiles({ answer, commit, folder }: GitAnswer): Promise<GitFiles> {
  const pack = packOf(answer);
  checkPack(pack);
  const fs = createMemoryFiles();
  await fs.promises.writeFile(`${repository.gitdir}/${packFile}`, pack);
  const at = { fs, ...repository, cache: {} };
  try {
    await git.indexPack({ ...at, filepath: posix.join(repository.gitdir, packFile) });
  } catch {
    throw unusable("its pack is broken");
  }
  const top = await git
    .readTree({ ...at, oid: commit, ...(folder === null ? {} : { filepath: folder }) })
    .catch(() => {
      throw folder === null
        ? unusable("the commit is not in its pack")
        : wrong("folder", `there is no folder ${folder}`);
    });
  const entries = await walk(top.tree, (oid) => git.readTree({ ...at, oid }).then(({ tree }) => tree));
  return collect(entries, folder, async (oid) => Buffer.from((await git.readBlob({ ...at, oid })).blob));
}

type ReadTree = (oid: string) => Promise<TreeEntry[]>;

/** All entries that are not folders, with their whole paths. */
async function walk(top: TreeEntry[], readTree: ReadTree): Promise<TreeEntry[]> {
  const found: TreeEntry[] = [];
  const open = [{ prefix: "", tree: top, depth: 0 }];
  let count = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    count += next.tree.length;
    if (count > maxEntries) throw unusable(`it has over ${maxEntries} files and folders`);
    for (const entry of next.tree) {
      const path = next.prefix + entry.path;
      if (entry.type !== "tree") found.push({ ...entry, path });
      else if (next.depth < maxDepth)
        open.push({ prefix: `${path}/`, tree: await readTree(entry.oid), depth: next.depth + 1 });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function collect(
  entries: TreeEntry[],
  folder: string | null,
  readBlob: (oid: string) => Promise<Buffer>,
): Promise<GitFiles> {
  const places = new Set(
    entries.filter(({ path }) => isSkillMd(posix.basename(path))).map(({ path }) => posix.dirname(path)),
  );
  // A skill that is the folder itself keeps the name of it.
  const base = places.has(".") && folder !== null ? `${posix.basename(folder)}/` : "";
  const problems: SkillProblem[] = [];
  const leave = (path: string, message: string) =>
    problems.push({ file: shorten(base + path), line: null, message, severity: "warning" });
  const files: TarEntry[] = [];
  let bytes = 0;
  for (const { path, oid, type, mode } of entries) {
    if (type === "commit")
      leave(path, "is a submodule, and left out: add its repository as a source of its own");
    if (type !== "blob" || !isPartOfSkill(path, places)) continue;
    if (mode === modes.link) {
      leave(path, "is a symbolic link, and left out: put the file itself in its place");
      continue;
    }
    const body = await readBlob(oid);
    if (body.length < 1024 && body.toString("latin1").startsWith(lfsPointer)) {
      leave(path, "is in Git LFS, and left out: put the file itself in its place");
      continue;
    }
    bytes += body.length;
    if (bytes > maxBytes) throw unusable("its skills have over 45 MB: name a folder of them");
    const size = { size: body.length, mode: mode === modes.executable ? 0o755 : 0o644 };
    files.push({ header: { name: base + path, type: "file", mtime: new Date(0), ...size }, body });
  }
  if (files.length === 0) throw unusable("it has no skill in it. A skill is a folder with a SKILL.md");
  return { archive: Buffer.from(await packTar(files)), problems };
}

function isPartOfSkill(path: string, places: ReadonlySet<string>): boolean {
  if (path === marketplaceFile || path.endsWith(`/${marketplaceFile}`)) return true;
  for (let at = posix.dirname(path); ; at = posix.dirname(at)) {
    if (places.has(at)) return true;
    if (at === ".") return false;
  }
}

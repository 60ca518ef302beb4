import { readSkillMd } from "#cli/skill/front-matter.js";
import type { FolderKind } from "#cli/skill/lock-file.js";
import { isInnerPath, isSkillName } from "#cli/skill/path.js";
import type { PulledFile, PulledFolder } from "#cli/skill/sync-folder.js";
import { NetworkError } from "#client/errors.js";
import type { Contract } from "#contract/contract.js";
import type { CallOutput } from "#contract/io.js";

export type Download = CallOutput<Contract["downloadSkill"]>;

/**
 * A download as the folder to write, byte for byte. The server is not trusted with where things go: paths stay in
 * the folder, and its name is one that a skill may have.
 *
 * @param version as the registry tells it; that of SKILL.md when left out
 * @param kind an integration's skill is named otherwise than its slug: that tells, when left out
 * @throws NetworkError when it is no folder of a skill
 */
export function toFolder(
  { slug, directory, files }: Download,
  { server, version, kind }: { server: string; version?: string; kind?: FolderKind },
): PulledFolder {
  const refuse = (why: string) =>
    new NetworkError(`What ${server} sends for ${slug} is not written: ${why}.`);
  const clash = clashIn(files.map((file) => file.file_path));
  if (clash !== undefined) throw refuse(clash);
  const pulled = files.map(toFile);
  const page = pulled.find(({ path }) => path === "SKILL.md" || path === "skill.md");
  const skillMd = page && readSkillMd(page.bytes.toString());
  const name = directory ?? skillMd?.name;
  if (!page || name === undefined) throw refuse("it has no SKILL.md with a name");
  if (!isSkillName(name)) throw refuse(`${JSON.stringify(name)} cannot be the name of a folder`);
  return {
    name,
    slug,
    server,
    version: version ?? skillMd?.version ?? null,
    kind: kind ?? (name === slug ? "skill" : "integration"),
    files: pulled,
  };
}

function toFile({ file_path, content, encoding, executable }: Download["files"][number]): PulledFile {
  return {
    path: file_path,
    bytes: Buffer.from(content, encoding ?? "utf8"),
    executable: executable ?? false,
  };
}

/**
 * Why one of the paths cannot be written; undefined when all can. Some file systems ignore case or Unicode form, so
 * names that differ only in these clash.
 */
function clashIn(paths: string[]): string | undefined {
  const seen = new Set<string>();
  for (const path of paths) {
    if (!isInnerPath(path)) return `${JSON.stringify(path)} is not a path within a folder`;
    const folded = path.normalize("NFC").toLowerCase();
    if (seen.has(folded)) return `${JSON.stringify(path)} is there twice`;
    seen.add(folded);
  }
  const inside = [...seen].find((path) => ancestors(path).some((directory) => seen.has(directory)));
  return inside === undefined ? undefined : `${JSON.stringify(inside)} is within a file`;
}

function ancestors(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, count) => parts.slice(0, count + 1).join("/"));
}

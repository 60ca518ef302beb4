import { DIRECTORY_MIME_TYPE, type Skill } from "@modelcontextprotocol/server/ext/skills";
import type { getSkillManifest } from "#contract/agent-skills.js";
import type { CallOutput } from "#contract/io.js";

export type Manifest = CallOutput<typeof getSkillManifest>;

/** A place in a skill: a file, a folder, or with an empty path the skill's own folder. */
export interface Place {
  name: string;
  path: string;
}

/** `skill://{name}/{path}`, each part encoded. */
export function uriOf(name: string, path: string): string {
  const parts = path === "" ? [] : path.split("/");
  return ["skill://", [name, ...parts].map(encodeURIComponent).join("/")].join("");
}

/** The skill and path that a URI names; undefined when it is not one of ours. */
export function placeOf(uri: string): Place | undefined {
  const [, name, path = ""] = /^skill:\/\/([^/?#]+)(?:\/([^?#]*))?$/.exec(uri) ?? [];
  if (name === undefined) return undefined;
  try {
    const parts = path.replace(/\/$/, "").split("/").map(decodeURIComponent);
    return { name: decodeURIComponent(name), path: parts.join("/") };
  } catch {
    return undefined;
  }
}

export function toSkill({ name, frontmatter, files }: Manifest): Skill {
  return {
    uri: uriOf(name, "SKILL.md"),
    // The protocol wants the name that the URI has; SKILL.md itself may say another.
    frontmatter: { ...frontmatter, name } as Skill["frontmatter"],
    resources: files.map(({ path, digest, size }) => ({ uri: uriOf(name, path), digest, size })),
  };
}

/** The files and folders directly in a folder of a skill; undefined when there is no such folder. */
export function childrenOf({ name, files }: Manifest, folder: string) {
  const prefix = folder === "" ? "" : `${folder}/`;
  const inside = files.filter(({ path }) => path.startsWith(prefix));
  if (inside.length === 0) return undefined;
  const children = new Map(
    inside.map(({ path, size }) => {
      const [first = "", ...deeper] = path.slice(prefix.length).split("/");
      const uri = uriOf(name, prefix + first);
      const child =
        deeper.length > 0
          ? { uri, name: first, mimeType: DIRECTORY_MIME_TYPE }
          : { uri, name: first, mimeType: mimeType(path), size };
      return [uri, child] as const;
    }),
  );
  return { resources: [...children.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1)) };
}

/** By the extension of the name; `application/octet-stream` for those that are not known. */
export function mimeType(path: string): string {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return types[extension] ?? "application/octet-stream";
}

const types: Record<string, string> = {
  md: "text/markdown",
  txt: "text/plain",
  json: "application/json",
  yaml: "application/yaml",
  yml: "application/yaml",
  csv: "text/csv",
  py: "text/x-python",
  sh: "text/x-shellscript",
  js: "text/javascript",
  ts: "text/typescript",
  png: "image/png",
  jpg: "image/jpeg",
  svg: "image/svg+xml",
  pdf: "application/pdf",
};

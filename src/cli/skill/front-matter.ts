export interface SkillMd {
  name: string;
  /** `metadata.version` */
  version: string | null;
}

/**
 * Reads as much of SKILL.md as is needed to put it where it belongs. By lines: the server has read it as YAML
 * already, and a YAML parser would double the program.
 *
 * @returns undefined when it has no front matter in block style with a name
 */
export function readSkillMd(text: string): SkillMd | undefined {
  const [, inner] = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?\n)(?=---[ \t]*(\r?\n|$))/.exec(text) ?? [];
  const fields = inner === undefined ? undefined : fieldsOf(inner);
  const name = scalar(fields?.get("name"));
  if (!fields || !name) return undefined;
  const version = /\bversion["']?[ \t]*:[ \t]*["']?([^\s"',}#]+)/.exec(fields.get("metadata") ?? "");
  return { name, version: version?.[1] ?? null };
}

/** Each with its own line and those that go on with it. Undefined when a line at the margin is none of a block mapping. */
function fieldsOf(inner: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  let last = "";
  for (const line of inner.match(/[^\n]*\n/g) ?? []) {
    const key = /^["']?([A-Za-z_][\w-]*)["']?[ \t]*:(?=\s)/.exec(line)?.[1];
    if (key === undefined && !/^(\s|#|- )/.test(line)) return undefined;
    last = key ?? last;
    fields.set(last, (key === undefined ? (fields.get(last) ?? "") : "") + line);
  }
  return fields;
}

function scalar(lines: string | undefined): string | undefined {
  const value = /^[^:]*:[ \t]*(.*?)[ \t]*(?:[ \t]#.*)?\r?\n/.exec(lines ?? "")?.[1];
  return value?.replace(/^(["'])(.*)\1$/, "$2");
}

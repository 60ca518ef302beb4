/** The fields of the Agent Skills standard; with any other, a folder does not pass its rules. */
const standardFields = ["name", "description", "license", "compatibility", "metadata", "allowed-tools"];

export interface SkillMd {
  name: string;
  /** `metadata.version` */
  version: string | null;
  /** As it came; without the fields that are not of the standard, if it had any. */
  text: string;
}

/**
 * Reads as much of SKILL.md as is needed to put it where it belongs. By lines: the server has read it as YAML
 * already, and a YAML parser would double the program.
 *
 * @returns undefined when it has no front matter in block style with a name
 */
export function readSkillMd(text: string): SkillMd | undefined {
  const [opening = "", inner] = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?\n)(?=---[ \t]*(\r?\n|$))/.exec(text) ?? [];
  const fields = inner === undefined ? undefined : fieldsOf(inner);
  const name = scalar(fields?.find((field) => field.key === "name")?.lines);
  if (inner === undefined || !fields || !name) return undefined;
  const metadata = fields.find(({ key }) => key === "metadata")?.lines ?? "";
  const version = /\bversion["']?[ \t]*:[ \t]*["']?([^\s"',}#]+)/.exec(metadata)?.[1] ?? null;
  const standard = fields.filter(({ key }) => key === "" || standardFields.includes(key));
  if (standard.length === fields.length) return { name, version, text };
  const start = opening.slice(0, opening.length - inner.length);
  const kept = start + standard.map(({ lines }) => lines).join("") + text.slice(opening.length);
  return { name, version, text: kept };
}

interface Field {
  key: string;
  /** Its own line and those that go on with it. */
  lines: string;
}

/** Undefined when a line at the margin is none of a block mapping. What stands before the first has no key. */
function fieldsOf(inner: string): Field[] | undefined {
  const fields: Field[] = [];
  for (const line of inner.match(/[^\n]*\n/g) ?? []) {
    const key = /^["']?([A-Za-z_][\w-]*)["']?[ \t]*:(?=\s)/.exec(line)?.[1];
    const last = fields.at(-1);
    if (key !== undefined) fields.push({ key, lines: line });
    else if (!/^(\s|#|- )/.test(line)) return undefined;
    else if (last) last.lines += line;
    else fields.push({ key: "", lines: line });
  }
  return fields;
}

function scalar(lines: string | undefined): string | undefined {
  const value = /^[^:]*:[ \t]*(.*?)[ \t]*(?:[ \t]#.*)?\r?\n/.exec(lines ?? "")?.[1];
  return value?.replace(/^(["'])(.*)\1$/, "$2");
}

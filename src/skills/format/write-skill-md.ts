import { Document, isScalar, Scalar, visit } from "yaml";
import { endpointsKey, isMap } from "#skills/format/metadata.js";
import { readSkillMd } from "#skills/format/skill-md.js";

export interface SkillMdFacts {
  name: string;
  description: string;
  category?: string | undefined;
  toolIds?: string[] | undefined;
  instructions: string;
}

/** Parts of SKILL.md to change; parts that are left out stay. */
export interface SkillMdEdit {
  name?: string | undefined;
  description?: string | undefined;
  /** Null removes it. */
  category?: string | null | undefined;
  toolIds?: string[] | undefined;
  instructions?: string | undefined;
}

/** Writes a SKILL.md from which the reference validator reads the same values. */
export function writeSkillMd({ name, description, instructions, ...metadata }: SkillMdFacts): string {
  return joined(yaml({ name, description, ...editedMetadata({}, metadata) }), bodyOf(instructions));
}

/**
 * SKILL.md with some parts changed. The other parts stay to the letter, except for line ends and for front matter
 * whose fields share lines.
 */
export function editSkillMd(bytes: Buffer, { instructions, ...edit }: SkillMdEdit): string {
  const { fields, source } = readSkillMd(bytes, () => {})!;
  const rest = instructions === undefined ? source.rest : bodyOf(instructions);
  const { name, description, ...metadata } = edit;
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...editedMetadata(fields.metadata, metadata),
  };
  if (Object.keys(changes).length === 0) return joined(source.frontMatter, rest);
  if (source.fieldLines === null) return joined(yaml(defined({ ...fields, ...changes })), rest);
  return joined(replaceFields(source.frontMatter, source.fieldLines, changes), rest);
}

/** `metadata` as it is to be, undefined when nothing is left of it; nothing when it does not change. */
function editedMetadata(
  metadata: unknown,
  { category, toolIds }: Pick<SkillMdEdit, "category" | "toolIds">,
): { metadata?: Record<string, unknown> | undefined } {
  if (category === undefined && toolIds === undefined) return {};
  const all = {
    ...(isMap(metadata) ? metadata : {}),
    ...(category === undefined ? {} : { category: category ?? undefined }),
    ...(toolIds === undefined ? {} : { [endpointsKey]: toolIds.join(" ") || undefined }),
  };
  const kept = defined(all);
  return { metadata: Object.keys(kept).length > 0 ? kept : undefined };
}

function defined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined));
}

/** Puts fields in the place of the lines they have, or after all others; those without a value are removed. */
function replaceFields(
  frontMatter: string,
  fieldLines: ReadonlyMap<string, number>,
  changes: Record<string, unknown>,
): string {
  const lines = frontMatter.replace(/\n$/, "").split("\n");
  const starts = [...fieldLines.values()].sort((a, b) => a - b);
  const left: (string | null)[] = [...lines];
  const added: string[] = [];
  for (const [field, value] of Object.entries(changes)) {
    const written = value === undefined ? null : yaml({ [field]: value }).trimEnd();
    const start = fieldLines.get(field);
    if (start === undefined) {
      if (written !== null) added.push(written);
      continue;
    }
    const end = starts.find((line) => line > start) ?? lines.length;
    left.fill(null, start, end);
    left[start] = written;
  }
  return `${[...left.filter((line) => line !== null), ...added].join("\n")}\n`;
}

const bodyOf = (instructions: string) => `\n\n${instructions.trim()}\n`;

/** @param rest Of the file, from where the closing fence ends. */
function joined(frontMatter: string, rest: string): string {
  return `---\n${frontMatter}---${rest}`;
}

function yaml(value: Record<string, unknown>): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && String(node.value).includes("---")) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0 });
  // The reference validator would end the front matter there.
  return text.replace(/-{3,}/g, (dashes) => "\\x2d".repeat(dashes.length));
}

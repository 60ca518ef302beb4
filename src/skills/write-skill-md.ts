import { Document, isScalar, Scalar, visit } from "yaml";
import { endpointsKey, isMap } from "#skills/skill-metadata.js";

export interface SkillMdFacts {
  name: string;
  description: string;
  /** Null removes it; left out keeps what the front matter has. */
  category?: string | null;
  /** Left out keeps what the front matter has. */
  toolIds?: string[];
  instructions: string;
  /** Front matter of the file it replaces: what is not named here is kept. */
  frontMatter?: Record<string, unknown>;
}

/** Writes SKILL.md so that the reference validator reads back what was given. */
export function writeSkillMd(skill: SkillMdFacts): string {
  const { name, description, category, toolIds, instructions, frontMatter = {} } = skill;
  const { metadata, ...fields } = frontMatter;
  const kept = Object.entries({
    ...(isMap(metadata) ? metadata : {}),
    ...(category === undefined ? {} : { category }),
    ...(toolIds === undefined ? {} : { [endpointsKey]: toolIds.join(" ") || null }),
  }).filter(([, value]) => value !== null);
  const all = {
    ...{ name, description, ...fields },
    name,
    description,
    ...(kept.length > 0 ? { metadata: Object.fromEntries(kept) } : {}),
  };
  return `---\n${yaml(all)}---\n\n${instructions.trim()}\n`;
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

import type { SearchableSkill } from "#store/searchable-skill-rows.js";

/** More of one skill than anybody asks for in words: an enormous one is found by how it begins. */
const maxBody = 64 * 1024;

/** The texts of a skill that search looks at, by field. */
export function searchTexts({ slug, name, description, category }: SearchableSkill, skillMd: string) {
  const [, frontMatter = "", rest = skillMd] =
    /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(skillMd) ?? [];
  const body = rest.slice(0, maxBody);
  return {
    name: slug === name ? slug : `${slug} ${name}`,
    tags: tagsIn(frontMatter),
    category: category ?? "",
    description,
    headings: headingsOf(body),
    body,
  };
}

/** Only to find by: reading the YAML of ten thousand skills would take longer than indexing them. */
function tagsIn(frontMatter: string): string {
  return /^[ \t]+["']?tags["']?:[ \t]*(.*)$/m.exec(frontMatter)?.[1] ?? "";
}

export function headingsOf(body: string): string {
  // A line that begins with # in a code block is a comment.
  const prose = body.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  return (prose.match(/^#{1,6}[ \t].*$/gm) ?? []).join("\n");
}

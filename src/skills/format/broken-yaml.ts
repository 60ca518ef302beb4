/**
 * Mends front matter, so that every field with lines of its own can be read: values that are no YAML, such as
 * `description: Use when: …`, are put in quotes, and tabs that indent become spaces. No line is added or removed.
 *
 * @param isReadable Whether the text of a field can be read as it is.
 */
export function quoteBroken(frontMatter: string, isReadable: (field: string) => boolean): string {
  return fieldsOf(frontMatter)
    .map((field) => (isReadable(field) ? field : mend(field)))
    .join("");
}

const keyLine = /^(?=[A-Za-z_])[\w-]+[ \t]*:(?=[ \t\n]|$)/;

/** Each with its line and those that go on with it. */
function fieldsOf(frontMatter: string): string[] {
  const fields: string[] = [];
  for (const line of frontMatter.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (fields.length === 0 || keyLine.test(line)) fields.push(line);
    else fields[fields.length - 1] += line;
  }
  return fields;
}

function mend(field: string): string {
  const spaced = field.replace(/^[ \t]+/gm, (indent) => indent.replaceAll("\t", "  "));
  const [start = ""] = keyLine.exec(spaced) ?? [];
  const value = spaced.slice(start.length);
  // A map or a list below the key, or text in a block: no quotes make it right.
  if (start === "" || /^[ \t]*([|>][-+\d]*[ \t]*(#[^\n]*)?)?(\n|$)/.test(value)) return spaced;
  const text = withoutQuotes(value.trim())
    .replace(/["\\]/g, "\\$&")
    .replace(/\n(?=\S)/g, "\n  ");
  return `${start} "${text}"${/\n*$/.exec(value)![0]}`;
}

/** `'It's so'` stands for the text between its outer quotes. */
function withoutQuotes(value: string): string {
  return /^(["'])([\s\S]*)\1$/.exec(value)?.[2] ?? value;
}

/**
 * The words of a description as one line of plain text: without markup, links as their words. Cut at the end of a
 * sentence where that leaves most of it, else after a word.
 */
export function oneLine(value: unknown, maxLength: number): string {
  return typeof value === "string" ? cut(plain(value).replace(/\s+/g, " ").trim(), maxLength) : "";
}

/** A description as Markdown without HTML, cut after a paragraph or a sentence. */
export function paragraphs(value: unknown, maxLength: number): string {
  return typeof value === "string"
    ? cut(
        plain(value)
          .replace(/\n{3,}/g, "\n\n")
          .trim(),
        maxLength,
      )
    : "";
}

/** Longer descriptions are cut before anything is looked for in them. */
const maxRead = 20_000;

function plain(text: string): string {
  return text
    .slice(0, maxRead)
    .toWellFormed()
    .replace(/<(script|style)\b[^>]{0,200}>[^<]{0,10000}<\/\1>/gi, "")
    .replace(/<\/(p|div|li|h[1-6])>|<br\s{0,9}\/?>/gi, "\n")
    .replace(/<[a-z/!][^<>]{0,500}>/gi, "")
    .replace(/\[([^\][]{1,200})\]\([^()\s]{1,500}\)/g, "$1")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name]!)
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .replace(/\p{Cf}/gu, "");
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text.slice(0, maxLength - 1).toWellFormed();
  const sentence = /^.*[.!?](?=\s)/s.exec(head)?.[0];
  if (sentence !== undefined && sentence.length > maxLength / 3) return sentence;
  return `${head.replace(/\s+\S*$/, "")}…`;
}

/** A name of ours for something of the description: lower case, with underscores. */
export function wordOf(name: string): string {
  const word = name
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_\d]+|_+$/g, "")
    .slice(0, 40);
  return word === "" || word in {} ? "key" : word;
}

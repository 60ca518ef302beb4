/**
 * Markdown without what it says of some endpoints: list items, table rows, commands of code blocks, and elsewhere whole
 * paragraphs that mention one. A heading that has nothing left below it goes too.
 *
 * @param slug of the integration: a name of one word counts only where it stands as code, or after the slug
 * @param names of the endpoints that are not to be mentioned
 */
export function withoutMentions(markdown: string, slug: string, names: ReadonlySet<string>): string {
  if (!mentions(markdown, slug, names)) return markdown;
  const [matter = ""] = /^---\n[\s\S]*?\n---\n/.exec(markdown) ?? [];
  const kept = piecesOf(markdown.slice(matter.length)).filter(({ text }) => !mentions(text, slug, names));
  const text = withoutEmpty(kept).map((piece) => piece.text);
  return matter + text.join("").replaceAll(/\n{3,}/g, "\n\n");
}

function mentions(text: string, slug: string, names: ReadonlySet<string>): boolean {
  for (const { 0: word, index } of text.matchAll(/[A-Za-z0-9_]+/g)) {
    if (!names.has(word)) continue;
    if (word.includes("_") || isNamed(text, slug, word, index)) return true;
  }
  return false;
}

/** Does a word that people use in sentences stand for an endpoint? */
function isNamed(text: string, slug: string, word: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - slug.length - 1), at);
  const after = text.slice(at + word.length, at + word.length + 3);
  return (
    before === `${slug} ` ||
    before === `${slug}.` ||
    (before.endsWith("`") && after.startsWith("`")) ||
    (before.endsWith("/") && after === ".md")
  );
}

/** A part of Markdown that is kept or left out as a whole, with the line breaks after it. */
interface Piece {
  text: string;
  kind: "text" | "heading" | "fence" | "code" | "blank";
}

function piecesOf(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let fence: string | undefined;
  let isOpen = false;
  for (const line of markdown.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    const last = pieces.at(-1);
    const add = (kind: Piece["kind"]) => pieces.push({ text: line, kind });
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      isOpen = false;
      add("fence");
    } else if (fence !== undefined) {
      // A command that goes on in the next line is one piece.
      if (isOpen && last) last.text += line;
      else add("code");
      isOpen = /\\\s*$/.test(line);
    } else if (line.trim() === "") add("blank");
    else if (/^#{1,6} /.test(line)) add("heading");
    else if (last?.kind === "text" && !beginsPiece(line)) last.text += line;
    else add("text");
  }
  return pieces;
}

/** A row of a table, or an item of a list. */
const beginsPiece = (line: string) => /^\s*(\||[-*+] |\d+[.)] )/.test(line);

/** Leaves out code blocks without code, and headings with nothing below them. */
function withoutEmpty(pieces: readonly Piece[]): Piece[] {
  const kept: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind === "fence" && kept.at(-1)?.kind === "fence" && isOpening(kept)) kept.pop();
    else {
      while (piece.kind === "heading" && isEmptySection(kept, levelOf(piece))) dropSection(kept);
      kept.push(piece);
    }
  }
  while (isEmptySection(kept, 1)) dropSection(kept);
  return kept;
}

const isOpening = (pieces: readonly Piece[]) =>
  pieces.filter(({ kind }) => kind === "fence").length % 2 === 1;
const levelOf = ({ text }: Piece) => /^#+/.exec(text)![0].length;

/** Does it end with a heading of this level or deeper? */
function isEmptySection(pieces: readonly Piece[], level: number): boolean {
  const last = pieces.findLast(({ kind }) => kind !== "blank");
  return last?.kind === "heading" && levelOf(last) >= level && level > 0;
}

function dropSection(pieces: Piece[]): void {
  pieces.length = pieces.findLastIndex(({ kind }) => kind !== "blank");
}

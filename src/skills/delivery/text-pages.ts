import { badRequest, SkillettError } from "#core/errors.js";

/** Where somebody goes on reading: in this version of a skill, in SKILL.md or in a file, at this character. */
export interface ReadingPlace {
  version: string;
  /** Null for the instructions. */
  path: string | null;
  /** UTF-16 units before it. */
  offset: number;
}

/** A part that ends with a line takes at least this share of a page. */
const minShare = 0.75;

/**
 * The part of a text from `offset` on that a page of `size` UTF-16 units holds, and where the next one begins; null
 * when nothing is left. Parts end with a line where one ends late enough, and never within a character.
 */
export function takePart(text: string, offset: number, size: number): { part: string; next: number | null } {
  if (text.length - offset <= size) return { part: text.slice(offset), next: null };
  const lineEnd = text.lastIndexOf("\n", offset + size - 1) + 1;
  const end = lineEnd >= offset + size * minShare ? lineEnd : endOfCharacter(text, offset + size);
  return { part: text.slice(offset, end), next: end };
}

/** The first place from `at` backwards that is between two characters. */
const endOfCharacter = (text: string, at: number) => (isWithinPair(text, at) ? at - 1 : at);

const isWithinPair = (text: string, at: number) => {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff && at > 0;
};

export function writeCursor({ version, path, offset }: ReadingPlace): string {
  return Buffer.from(JSON.stringify([version, path, offset])).toString("base64url");
}

/** @throws bad_request for a text that is no cursor of ours */
export function readCursor(cursor: string): ReadingPlace {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(place) && isPlace(place)) {
      const [version, path, offset] = place;
      return { version, path, offset };
    }
  } catch {
    // Refused below.
  }
  throw noCursor();
}

function isPlace(place: unknown[]): place is [string, string | null, number] {
  const [version, path, offset] = place;
  const isPath = path === null || typeof path === "string";
  return typeof version === "string" && isPath && Number.isSafeInteger(offset) && (offset as number) > 0;
}

/**
 * Where to begin in this text: at the cursor, or at its start.
 *
 * @throws conflict when the cursor is of another version, bad_request when it is of another text
 */
export function beginAt(
  place: ReadingPlace | undefined,
  here: { slug: string; version: string; path: string | null; text: string },
): number {
  if (!place) return 0;
  const { slug, version, path, text } = here;
  if (place.version !== version)
    throw new SkillettError("conflict", {
      message: `The skill ${slug} is now version ${version}, and what you have read is of ${place.version}: load it again from the start, without cursor.`,
    });
  const { offset } = place;
  if (place.path === path && offset < text.length && !isWithinPair(text, offset)) return offset;
  throw noCursor();
}

const noCursor = () =>
  badRequest([
    { at: "cursor", message: "must be next_cursor of the answer before, with the same reference_file" },
  ]);

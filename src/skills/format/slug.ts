import { badRequest } from "#core/errors.js";

const maxLength = 64;

/**
 * The slug of a name: small letters and digits of any alphabet, single dashes between words. That is what
 * the Agent Skills rules ask of the name of a folder.
 *
 * @throws bad_request when nothing is left of the name
 */
export function slugOf(name: string): string {
  const slug = toSlug(name);
  if (slug !== null) return slug;
  throw badRequest([{ at: "name", message: "must have a letter or a digit in it, such as release-notes" }]);
}

/** The slug of a name, as of `slugOf`; null when nothing is left of the name. */
export function toSlug(name: string): string | null {
  const parts = name
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return cut(parts.join("-"), maxLength) || null;
}

/** `<slug>-copy`, or the first of `-copy-2`, `-copy-3`, … that is free. */
export function copySlug(slug: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? "-copy" : `-copy-${count}`;
    const copy = cut(slug, maxLength - suffix.length) + suffix;
    if (!taken.has(copy)) return copy;
  }
}

/** By code points, so that no letter is cut in two. */
function cut(slug: string, length: number): string {
  return [...slug].slice(0, length).join("").replace(/-+$/, "");
}

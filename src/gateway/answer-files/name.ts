import { parse } from "content-disposition";
import { detectExtension, detectMimeType } from "nodemailer/lib/mime-funcs";
import { asName } from "#core/display-text.js";

/** Characters that a name has at most, as for files that people hand over. */
const maxCharacters = 255;

/**
 * The name of a file that a service has answered with: the first that is a name. Without an extension it gets that of
 * its media type.
 */
export function answerName(candidates: readonly (string | undefined)[], mediaType: string): string {
  const name = candidates.map((one) => cleaned(one ?? "")).find((one) => one !== "") ?? "file";
  if (/\.[A-Za-z0-9]{1,8}$/.test(name) || mediaType === "application/octet-stream") return name;
  return `${name}.${detectExtension(mediaType)}`;
}

/** The media type that goes with the extension of a name. */
export const typeByName = (name: string) => detectMimeType(name);

/** The name in the header, in whichever of its two spellings. @see RFC 6266 §4.3 */
export function dispositionName(header: string | string[] | undefined): string | undefined {
  try {
    return header === undefined ? undefined : parse(String(header)).parameters.filename;
  } catch {
    return undefined;
  }
}

/** The last part of a path, where it looks like the name of a file. */
export function urlName(url: string): string | undefined {
  try {
    const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1)!);
    return /\.[A-Za-z0-9]{1,8}$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Folders are left out, and so is what would mislead a reader or hide the file. */
function cleaned(text: string): string {
  const name = asName(text.split(/[/\\]/).at(-1)!).replace(/^[.\s]+/, "");
  return Array.from(name).slice(0, maxCharacters).join("");
}

import type { Part } from "#catalog/integration.js";
import { FileFacts } from "#catalog/pieces.js";
import { isAscii, scalarText, type Values } from "#catalog/request/values.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

const word = "[\\w!#$&^.+-]+";
/** @see RFC 9110 §8.3.1 */
const mediaType = new RegExp(`^${word}/${word}(?: ?; ?[\\w-]+=${word})*$`);

/** Why a text is no media type, or null. */
export function mediaTypeIssue(text: string): string | null {
  return mediaType.test(text) ? null : "must be a media type, such as text/plain";
}

/** Why a text is no name for a part that is a file, or null. */
export function filenameIssue(text: string): string | null {
  return /[/\\]/.test(text) ? "must be the name of a file, without / or \\" : null;
}

/** Fills a media type; undefined without one, and when a param that gives it was left out. */
export function writeMediaType(part: Part, values: Values, issues: SchemaIssue[]): string | undefined {
  return fill(part.mediaType, values, issues, mediaTypeIssue);
}

/** Like `writeMediaType`, for the file name of a part. */
export function writeFilename(part: Part, values: Values, issues: SchemaIssue[]): string | undefined {
  return fill(part.filename, values, issues, filenameIssue);
}

/** A file name of a template; undefined when a param in it was left out or it is none. */
export function filenameOf(template: string, values: Values): string | undefined {
  const issues: SchemaIssue[] = [];
  const name = fill(template, values, issues, filenameIssue);
  return issues.length > 0 || name === "" ? undefined : name;
}

function fill(
  template: string | null,
  values: Values,
  issues: SchemaIssue[],
  issueOf: (text: string) => string | null,
): string | undefined {
  if (template === null) return undefined;
  const params = placeholders(template);
  const texts = params.map((param) => scalarText(values[param], [param], issues));
  if (texts.includes(null)) return undefined;
  const text = fillTemplate(template, (param) => texts[params.indexOf(param)]!);
  const message = issueOf(text);
  if (message !== null) issues.push({ path: params.slice(0, 1), message });
  return text;
}

/** The content of a part: text, a file, or the bytes that a text in Base64 stands for. */
export function contentOf(
  { encoding }: Part,
  value: unknown,
  path: Path,
  issues: SchemaIssue[],
): string | Buffer | FileFacts {
  if (value instanceof FileFacts) return value;
  if (encoding === "json") return JSON.stringify(value);
  if (typeof value === "object") {
    issues.push({ path, message: "must be text, a number, true or false" });
    return "";
  }
  return encoding === "base64" ? bytesOf(String(value), path, issues) : String(value);
}

/** @see RFC 4648 §4 and §5 */
function bytesOf(text: string, path: Path, issues: SchemaIssue[]): Buffer {
  const bytes = Buffer.from(isAscii(text) ? text : "", "base64");
  // The decoder passes over what is no Base64, and drops a character that is left over: fewer bytes come of it.
  if (text.replace(/={1,2}$/, "").length !== Math.ceil((bytes.length * 4) / 3)) {
    issues.push({ path, message: "must be Base64, without line breaks" });
  }
  return bytes;
}

import { createHash } from "node:crypto";
import type { EndpointFacts } from "#catalog/integration.js";
import { FileFacts, type Pieces } from "#catalog/pieces.js";
import { contentOf, writeFilename, writeMediaType } from "#catalog/request/part.js";
import type { PlacedParam, Values } from "#catalog/request/values.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

interface WrittenPart {
  /** Header lines, with the empty one that ends them. */
  head: string;
  content: string | Buffer | FileFacts;
}

interface WrittenMultipart {
  contentType: string;
  body: Buffer | Pieces;
}

const eol = "\r\n";

/** Writes constants and params as parts of `multipart/form-data`, the same ones always alike. @see RFC 7578 */
export function createMultipartWriter(
  { constants }: Pick<EndpointFacts, "constants">,
  params: readonly PlacedParam[],
): (values: Values, issues: SchemaIssue[]) => WrittenMultipart {
  const fixed = Object.entries(constants.body).flatMap(([name, value]) =>
    [value].flat().map((item) => ({ head: headOf(name), content: String(item) })),
  );
  return (values, issues) => {
    const parts: WrittenPart[] = [...fixed];
    for (const placed of params) addParts(parts, placed, values, issues);
    return join(parts);
  };
}

/** A list is as many parts, unless a part is JSON. A file has its own name and media type, where there are no others. */
function addParts(
  parts: WrittenPart[],
  { param, name, array, part }: PlacedParam,
  values: Values,
  issues: SchemaIssue[],
): void {
  const value = values[param];
  if (value === undefined) return;
  const filename = writeFilename(part!, values, issues);
  const mediaType = writeMediaType(part!, values, issues);
  const isList = Array.isArray(value) && part!.encoding !== "json";
  const partName = isList && array === "brackets" ? `${name}[]` : name;
  const add = (item: unknown, path: Path) => {
    const own = item instanceof FileFacts ? item : undefined;
    const head = headOf(partName, filename ?? own?.name, mediaType ?? own?.mediaType);
    parts.push({ head, content: contentOf(part!, item, path, issues) });
  };
  if (!isList) add(value, [param]);
  else for (const [i, item] of value.entries()) add(item, [param, i]);
}

function join(parts: readonly WrittenPart[]): WrittenMultipart {
  const written = parts.map(({ head, content }) => [Buffer.from(head), toPiece(content)]);
  const boundary = boundaryOf(written.flat());
  const opening = Buffer.from(`--${boundary}${eol}`);
  const closing = Buffer.from(`--${boundary}--${eol}`);
  const pieces = [...written.flatMap((part) => [opening, ...part, Buffer.from(eol)]), closing];
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: toBody(pieces) };
}

const toPiece = (content: WrittenPart["content"]) =>
  content instanceof FileFacts ? content : Buffer.from(content);

const toBody = (pieces: (Buffer | FileFacts)[]) =>
  pieces.every((piece) => Buffer.isBuffer(piece)) ? Buffer.concat(pieces) : { pieces };

/** A hash of all parts, so that none can have it in itself, and the same parts have the same. */
function boundaryOf(pieces: readonly (Buffer | FileFacts)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece instanceof FileFacts ? piece.sha256 : piece);
  return `skillett-${hash.digest("hex").slice(0, 40)}`;
}

function headOf(name: string, filename?: string, mediaType?: string): string {
  const file = filename === undefined ? "" : `; filename="${quoted(filename)}"`;
  const type = mediaType === undefined ? "" : `Content-Type: ${mediaType}${eol}`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${file}${eol}${type}${eol}`;
}

/** Line breaks are refused before. @see HTML Living Standard, multipart/form-data encoding algorithm */
const quoted = (text: string) => text.replaceAll('"', "%22");

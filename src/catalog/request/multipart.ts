import { createHash } from "node:crypto";
import type { EndpointFacts } from "#catalog/integration.js";
import { contentOf, writeFilename, writeMediaType } from "#catalog/request/part.js";
import type { PlacedParam, Values } from "#catalog/request/values.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

interface WrittenPart {
  /** Header lines, with the empty one that ends them. */
  head: string;
  content: string | Buffer;
}

const eol = "\r\n";

/** Writes constants and params as parts of `multipart/form-data`, the same ones always alike. @see RFC 7578 */
export function createMultipartWriter(
  { constants }: Pick<EndpointFacts, "constants">,
  params: readonly PlacedParam[],
): (values: Values, issues: SchemaIssue[]) => { contentType: string; body: Buffer } {
  const fixed = Object.entries(constants.body).flatMap(([name, value]) =>
    [value].flat().map((item) => ({ head: headOf(name), content: String(item) })),
  );
  return (values, issues) => {
    const parts: WrittenPart[] = [...fixed];
    for (const placed of params) addParts(parts, placed, values, issues);
    return join(parts);
  };
}

/** A list is as many parts, unless a part is JSON. */
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
  const head = headOf(isList && array === "brackets" ? `${name}[]` : name, filename, mediaType);
  const add = (item: unknown, path: Path) =>
    parts.push({ head, content: contentOf(part!, item, path, issues) });
  if (!isList) add(value, [param]);
  else for (const [i, item] of value.entries()) add(item, [param, i]);
}

function join(parts: readonly WrittenPart[]): { contentType: string; body: Buffer } {
  const written = parts.map(({ head, content }) => [Buffer.from(head), Buffer.from(content)]);
  const boundary = boundaryOf(written.flat());
  const opening = Buffer.from(`--${boundary}${eol}`);
  const closing = Buffer.from(`--${boundary}--${eol}`);
  const body = Buffer.concat([...written.flatMap((part) => [opening, ...part, Buffer.from(eol)]), closing]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

/** A hash of all parts, so that none can have it in itself, and the same parts have the same. */
function boundaryOf(chunks: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return `skillett-${hash.digest("hex").slice(0, 40)}`;
}

function headOf(name: string, filename?: string, mediaType?: string): string {
  const file = filename === undefined ? "" : `; filename="${quoted(filename)}"`;
  const type = mediaType === undefined ? "" : `Content-Type: ${mediaType}${eol}`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${file}${eol}${type}${eol}`;
}

/** Line breaks are refused before. @see HTML Living Standard, multipart/form-data encoding algorithm */
const quoted = (text: string) => text.replaceAll('"', "%22");

import type { EndpointFacts, FileRule } from "#catalog/integration.js";
import { FileFacts } from "#catalog/pieces.js";
import type { Values } from "#catalog/request/values.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

/** Files by their handles. */
export type FilesByHandle = ReadonlyMap<string, FileFacts>;

/** The handles among the params of a call, as far as they are any. */
export function handlesIn({ placements }: EndpointFacts, params: unknown): string[] {
  if (typeof params !== "object" || params === null) return [];
  const given = Object.entries(params).filter(([name]) => Object.hasOwn(placements, name));
  const values = given.flatMap(([name, value]) => (placements[name]!.file ? [value].flat() : []));
  return [...new Set(values.filter((value) => typeof value === "string"))];
}

/** The params with files in place of their handles. Notes an issue for each file that is not there, or not fit. */
export function withFiles(
  { placements }: EndpointFacts,
  values: Values,
  files: FilesByHandle,
  issues: SchemaIssue[],
): Values {
  const params = Object.keys(values).filter((name) => placements[name]?.file);
  if (params.length === 0) return values;
  const replaced = params.map((name) => [
    name,
    replace(name, values[name], placements[name]!.file!, files, issues),
  ]);
  return { ...values, ...Object.fromEntries(replaced) };
}

function replace(
  name: string,
  value: unknown,
  rule: FileRule,
  files: FilesByHandle,
  issues: SchemaIssue[],
): unknown {
  const read = (item: unknown, path: Path) =>
    typeof item === "string" ? fileOf(item, rule, files, path, issues) : item;
  const found = Array.isArray(value) ? value.map((item, i) => read(item, [name, i])) : read(value, [name]);
  const listed = (Array.isArray(found) ? found : [found]).filter((item) => item instanceof FileFacts);
  const size = listed.reduce((sum, file) => sum + file.size, 0);
  if (rule.maxBytes !== null && size > rule.maxBytes) {
    issues.push({ path: [name], message: `has ${size} bytes, and may have ${rule.maxBytes}` });
  }
  return found;
}

function fileOf(
  handle: string,
  { accept }: FileRule,
  files: FilesByHandle,
  path: Path,
  issues: SchemaIssue[],
): FileFacts | undefined {
  const file = files.get(handle);
  if (!file) issues.push({ path, message: noSuchFile(handle) });
  else if (accept.length > 0 && !accept.some((range) => isWithin(file.mediaType, range))) {
    const message = `${JSON.stringify(file.name)} is ${file.mediaType}, and must be ${accept.join(" or ")}`;
    issues.push({ path, message });
  }
  return file;
}

/** The same for one that is over, that is another's, and that never was. */
export function noSuchFile(handle: string): string {
  const shown = JSON.stringify(handle.slice(0, 64));
  return `There is no such file: ${shown}. Files are kept for a day: upload it again`;
}

/** @param range a media type, or all of a kind: `image/*` */
function isWithin(mediaType: string, range: string): boolean {
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  return range.endsWith("/*") ? type.startsWith(range.slice(0, -1)) : type === range;
}

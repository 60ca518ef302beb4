import type { Endpoint, Placement } from "#catalog/integration.js";
import { splitPath } from "#catalog/path-template.js";
import type { PlacedParam, Values } from "#catalog/values.js";
import { scalarText } from "#catalog/values.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

/** Fills the `{params}` of an endpoint's path, and notes the issues of their values. */
export function createPathWriter({
  path,
  placements,
  params,
}: Endpoint): (values: Values, issues: SchemaIssue[]) => string {
  const { texts, names } = splitPath(path);
  const slots = names.map((name) => ({
    name,
    segments: placements[name]!.segments,
    fallback: params.properties[name]!.default,
  }));
  return (values, issues) => {
    let written = texts[0]!;
    slots.forEach(({ name, segments, fallback }, i) => {
      const text = scalarText(values[name] ?? fallback, [name], issues);
      if (text !== null) written += writeSegments(text, segments, [name], issues);
      written += texts[i + 1]!;
    });
    return written;
  };
}

function writeSegments(
  text: string,
  segments: Placement["segments"],
  path: Path,
  issues: SchemaIssue[],
): string {
  const parts = segments === 1 ? [text] : text.split("/");
  const message = segmentsIssue(parts, segments);
  if (message !== null) issues.push({ path, message });
  return parts.map(encodeURIComponent).join("/");
}

/** A client or a proxy would resolve `.` and `..`, and so reach another path than the one meant. */
function segmentsIssue(parts: string[], segments: Placement["segments"]): string | null {
  if (segments !== "many" && parts.length !== segments) return `must have ${segments} parts separated by /`;
  if (parts.includes("")) return parts.length === 1 ? "must not be empty" : "must not have an empty part";
  return parts.some((part) => part === "." || part === "..")
    ? "must not be . or .. or have such a part"
    : null;
}

/** Writes `a=1&b=2`, as in a query or a form: constants, then params. */
export function createPairWriter(
  constants: Readonly<Record<string, unknown>>,
  params: readonly PlacedParam[],
): (values: Values, issues: SchemaIssue[]) => string {
  const fixed = Object.entries(constants).flatMap(([name, value]) =>
    [value].flat().map((item) => pair(name, String(item))),
  );
  return (values, issues) => {
    const pairs = [...fixed];
    for (const { param, name, array } of params) {
      const value = values[param];
      if (value === undefined) continue;
      for (const text of textsOf(value, array, [param], issues)) pairs.push(pair(name, text));
    }
    return pairs.join("&");
  };
}

const pair = (name: string, text: string) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;

function textsOf(value: unknown, array: Placement["array"], path: Path, issues: SchemaIssue[]): string[] {
  if (!Array.isArray(value)) return compact([scalarText(value, path, issues)]);
  const texts = compact(value.map((item, i) => scalarText(item, [...path, i], issues)));
  if (array === "repeat" || texts.length === 0) return texts;
  if (texts.some((text) => text.includes(",")))
    issues.push({ path, message: "must not have a comma in an item" });
  return [texts.join(",")];
}

function compact(texts: (string | null)[]): string[] {
  return texts.filter((text) => text !== null);
}

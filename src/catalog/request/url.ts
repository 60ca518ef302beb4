import type { EndpointFacts, Placement } from "#catalog/integration.js";
import { splitPath } from "#catalog/request/path-template.js";
import type { PlacedParam, Values } from "#catalog/request/values.js";
import { lineIssue, maxDepth, scalarText } from "#catalog/request/values.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

/** Fills the `{params}` of an endpoint's path, and notes the issues of their values. */
export function createPathWriter({
  path,
  placements,
  params,
}: EndpointFacts): (values: Values, issues: SchemaIssue[]) => string {
  const { texts, names } = splitPath(path);
  const slots = names.map((name, i) => ({
    name,
    isQuoted: texts[i]!.endsWith("'") && texts[i + 1]!.startsWith("'"),
    segments: placements[name]!.segments,
    fallback: params.properties[name]!.default,
  }));
  return (values, issues) => {
    let written = texts[0]!;
    slots.forEach(({ name, isQuoted, segments, fallback }, i) => {
      const text = scalarText(values[name] ?? fallback, [name], issues);
      // A quote within a text between quotes would end it. @see OData 4.01 URL Conventions, §2
      const whole = isQuoted ? text?.replaceAll("'", "''") : text;
      if (whole != null) written += writeSegments(whole, segments, [name], issues);
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
    for (const placed of params) {
      const value = values[placed.param];
      if (value !== undefined) addPairs({ pairs, placed, issues }, placed.name, value, [placed.param]);
    }
    return pairs.join("&");
  };
}

const pair = (name: string, text: string) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;

/** The pairs of one param as they come together. */
interface Writing {
  pairs: string[];
  placed: Placement;
  issues: SchemaIssue[];
}

function addPairs(writing: Writing, name: string, value: unknown, path: Path): void {
  const { pairs, placed, issues } = writing;
  if (path.length > maxDepth) issues.push({ path, message: "is nested too deeply" });
  else if (placed.style !== null && isNested(value)) addNested(writing, name, value, path);
  else if (Array.isArray(value)) addList(writing, name, value, path);
  else {
    const text = scalarText(value, path, issues);
    if (text !== null) pairs.push(pair(name, text));
  }
}

/** An object, or a list that holds more than texts. */
function isNested(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((item) => typeof item === "object" && item !== null);
  return typeof value === "object" && value !== null;
}

function addNested(writing: Writing, name: string, value: object, path: Path): void {
  for (const [key, item] of Object.entries(value)) {
    const message = keyIssue(key);
    if (message !== null) writing.issues.push({ path, message });
    else addPairs(writing, `${name}[${key}]`, item, [...path, key]);
  }
}

/** A name with brackets would put its value elsewhere, and an empty one into a list. */
function keyIssue(key: string): string | null {
  if (key === "" || /[[\]]/.test(key)) return "has a name that is empty or has a bracket";
  return lineIssue(key) && "has a name with line breaks, other control characters or half a character";
}

function addList(
  { pairs, placed: { array }, issues }: Writing,
  name: string,
  value: unknown[],
  path: Path,
): void {
  const texts = value
    .map((item, i) => scalarText(item, [...path, i], issues))
    .filter((text) => text !== null);
  if (array === "comma" && texts.length > 0) {
    if (texts.some((text) => text.includes(","))) {
      issues.push({ path, message: "must not have a comma in an item" });
    }
    pairs.push(pair(name, texts.join(",")));
    return;
  }
  const each = array === "brackets" ? `${name}[]` : name;
  for (const text of texts) pairs.push(pair(each, text));
}

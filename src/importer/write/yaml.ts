/** Texts that YAML reads as themselves: words with spaces, that are neither a keyword nor seem to have a key or a comment. */
const plain = /^[A-Za-z_][\w./()'-]*( [\w./()'-]+)*$/;
const keyword = /^(null|true|false)$/i;

/** Nothing nested is longer in one line. */
const maxFlow = 80;

/**
 * Writes plain data as YAML 1.2 in block style. The library takes ten times as long, which is most of the time of a large
 * import.
 */
export function writeYaml(value: object): string {
  return `${block(value, "").trimStart()}\n`;
}

function block(value: object, indent: string): string {
  if (Array.isArray(value)) return value.map((item) => `\n${indent}-${inItem(item, indent)}`).join("");
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `\n${indent}${scalar(name)}:${after(member, `${indent}  `)}`)
    .join("");
}

/** The first member of an object stands beside the dash. */
function inItem(value: unknown, indent: string): string {
  const text = after(value, `${indent}  `);
  return isNested(value) && text.startsWith("\n") ? ` ${text.trimStart()}` : text;
}

function after(value: unknown, indent: string): string {
  if (!isNested(value)) return ` ${scalar(value)}`;
  const flow = isFlat(value) ? JSON.stringify(value) : null;
  if (flow === "[]" || flow === "{}") return ` ${flow}`;
  if (flow !== null && Array.isArray(value) && flow.length <= maxFlow)
    return ` [${value.map(scalar).join(", ")}]`;
  return block(value, indent);
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFlat = (value: object) => !Object.values(value).some(isNested);

function scalar(value: unknown): string {
  if (typeof value === "string" && plain.test(value) && !keyword.test(value)) return value;
  return JSON.stringify(value);
}

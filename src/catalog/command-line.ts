import type { EndpointFacts } from "#catalog/integration.js";

/** A call as a person would type it in a POSIX shell. */
export function commandLine(endpoint: EndpointFacts, params: Record<string, unknown>): string {
  const flags = Object.entries(params).flatMap(([name, value]) => flag(name, value));
  const parts = [`skillett run ${endpoint.integration} ${endpoint.name}`, ...flags];
  const line = parts.join(" ");
  return line.length <= 100 ? line : parts.join(" \\\n  ");
}

/** Arrays repeat the flag, or are JSON where a comma in an item would be in doubt; objects are JSON; `false` is `--no-x`. */
function flag(name: string, value: unknown): string[] {
  if (value === true) return [`--${name}`];
  if (value === false) return [`--no-${name}`];
  if (Array.isArray(value) && value.length > 0 && !value.some(isDoubtful)) {
    return value.map((item) => option(name, item));
  }
  return [option(name, value)];
}

const isDoubtful = (item: unknown) => typeof item === "string" && /^\s*\[|,/.test(item);

function option(name: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `--${name}${text.startsWith("-") ? "=" : " "}${shellWord(text)}`;
}

function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}

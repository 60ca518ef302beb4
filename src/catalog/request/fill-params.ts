import { fillTemplate, placeholders } from "#catalog/template.js";

/** The value at a path such as `title` or `original.subject`; undefined when there is none. */
export type ReadValue = (path: string) => unknown;

export interface FilledParams {
  params: Record<string, unknown>;
  /** Placeholders that had no value. */
  missing: string[];
}

/**
 * The params of a step, with values in place of `{path}`. A text that is one placeholder alone becomes the value,
 * with its type; in a longer text values are text, numbers and booleans. Of `{a|b}` the first counts that is there and
 * not empty. A text with a placeholder that has no value is left out.
 */
export function fillParams(templates: Readonly<Record<string, unknown>>, read: ReadValue): FilledParams {
  const missing = new Set<string>();
  const params = fillFields(templates, { read, missing });
  return { params, missing: [...missing] };
}

/** The paths in a placeholder, `a` and `b` of `{a|b}`. */
export const alternatives = (placeholder: string): string[] => placeholder.split("|");

interface Filling {
  read: ReadValue;
  missing: Set<string>;
}

function fill(template: unknown, filling: Filling): unknown {
  if (typeof template === "string") return fillText(template, filling);
  if (Array.isArray(template)) {
    return template.map((item) => fill(item, filling)).filter((value) => value !== undefined);
  }
  if (typeof template !== "object" || template === null) return template;
  return fillFields(template, filling);
}

function fillFields(fields: object, filling: Filling): Record<string, unknown> {
  const filled = Object.entries(fields).map(([name, template]) => [name, fill(template, filling)] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}

function fillText(template: string, filling: Filling): unknown {
  const names = placeholders(template);
  if (names.length === 1 && template === `{${names[0]}}`) return firstValue(names[0]!, filling);
  const values = new Map(names.map((name) => [name, textOf(firstValue(name, filling))]));
  for (const [name, value] of values) if (value === undefined) filling.missing.add(name);
  if ([...values.values()].includes(undefined)) return undefined;
  return fillTemplate(template, (name) => values.get(name)!);
}

function firstValue(placeholder: string, { read, missing }: Filling): unknown {
  let value: unknown;
  for (const path of alternatives(placeholder)) {
    value = read(path) ?? undefined;
    if (value !== undefined && value !== "") return value;
  }
  if (value === undefined) missing.add(placeholder);
  return value;
}

function textOf(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}

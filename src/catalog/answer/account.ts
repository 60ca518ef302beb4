import { readPath } from "#catalog/body.js";
import type { AccountProbe } from "#catalog/integration.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import { asName } from "#core/display-text.js";

export interface Account {
  /** The service's own lasting id. */
  id: string;
  /** The name a person knows it by. */
  name: string;
}

/** The account that the probe's answer names; undefined when the answer lacks any part of it. */
export function readAccount(probe: AccountProbe, body: unknown): Account | undefined {
  const id = readText(probe.id, body);
  const name = readText(probe.name, body);
  // People choose these names at the service, and others see them here: so they are cleaned.
  return id === undefined || name === undefined ? undefined : { id, name: asName(name) || asName(id) };
}

/** @param form a dotted path, or text with such paths in braces */
function readText(form: string, body: unknown): string | undefined {
  const paths = placeholders(form);
  if (paths.length === 0) return readScalar(form, body);
  const parts = new Map(paths.map((path) => [path, readScalar(path, body)]));
  if ([...parts.values()].includes(undefined)) return undefined;
  return fillTemplate(form, (path) => parts.get(path)!);
}

/** An empty text names nobody: two accounts without a name would pass for one. */
function readScalar(path: string, body: unknown): string | undefined {
  const value = readPath(body, path);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

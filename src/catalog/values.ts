import type { Placement } from "#catalog/integration.js";
import { maxIssues } from "#core/errors.js";
import type { Path, SchemaIssue } from "#core/schema-check.js";

/** The params of one call. */
export type Values = Record<string, unknown>;

/** A declared param and where it goes. */
export interface PlacedParam extends Placement {
  param: string;
}

/** Deeper than any service has its bodies; following a value much further would overflow the stack. */
const maxDepth = 64;

const control = /\p{Control}/u;

/** Why a text cannot be sent at all, or null. */
export function textFault(text: string): string | null {
  return text.isWellFormed() ? null : "has half a character in it (a lone surrogate)";
}

/** Why a text cannot go into a URL or a header, or null. */
export function lineFault(text: string): string | null {
  if (control.test(text)) return "must not have line breaks or other control characters";
  return textFault(text);
}

export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function numberFault(value: number): string | null {
  if (!Number.isFinite(value)) return "is too large";
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? "is too large to be exact" : null;
}

/** What stands in a URL or a header for the value; null, with a fault noted, when nothing can. */
export function scalarText(value: unknown, path: Path, faults: SchemaIssue[]): string | null {
  if (value === undefined) return null;
  const message = scalarFault(value);
  if (message === null) return String(value);
  faults.push({ path, message });
  return null;
}

function scalarFault(value: unknown): string | null {
  if (typeof value === "string") return lineFault(value);
  if (typeof value === "number") return numberFault(value);
  return typeof value === "boolean" ? null : "must be text, a number, true or false";
}

/** Notes whatever in a param's value, at any depth, would not arrive as it was meant. */
export function noteFaults(param: string, value: unknown, faults: SchemaIssue[]): void {
  walk(value, [param], faults);
}

/** `path` is one array that grows and shrinks: most values have no fault that would need a path of its own. */
function walk(value: unknown, path: (string | number)[], faults: SchemaIssue[]): void {
  if (faults.length >= maxIssues) return;
  if (typeof value === "string") note(textFault(value), path, faults);
  else if (typeof value === "number") note(numberFault(value), path, faults);
  else if (typeof value !== "object" || value === null) return;
  else if (path.length > maxDepth) note("is nested too deeply", path, faults);
  else for (const [key, item] of Object.entries(value)) walkItem(key, item, path, faults);
}

function walkItem(key: string, item: unknown, path: (string | number)[], faults: SchemaIssue[]): void {
  path.push(key);
  if (textFault(key))
    note("has a name with half a character in it (a lone surrogate)", path.slice(0, -1), faults);
  else walk(item, path, faults);
  path.pop();
}

function note(message: string | null, path: Path, faults: SchemaIssue[]): void {
  if (message !== null) faults.push({ path: [...path], message });
}

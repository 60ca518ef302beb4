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
export const maxDepth = 64;

const control = /\p{Control}/u;

/** Why a text cannot be sent at all, or null. */
export function textIssue(text: string): string | null {
  return text.isWellFormed() ? null : "has half a character in it (a lone surrogate)";
}

/** Why a text cannot go into a URL or a header, or null. */
export function lineIssue(text: string): string | null {
  if (control.test(text)) return "must not have line breaks or other control characters";
  return textIssue(text);
}

export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function numberIssue(value: number): string | null {
  if (!Number.isFinite(value)) return "is too large";
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? "is too large to be exact" : null;
}

/** The text of a value in a URL or a header; null, with an issue noted, when it cannot be written there. */
export function scalarText(value: unknown, path: Path, issues: SchemaIssue[]): string | null {
  if (value === undefined) return null;
  const message = scalarIssue(value);
  if (message === null) return String(value);
  issues.push({ path, message });
  return null;
}

function scalarIssue(value: unknown): string | null {
  if (typeof value === "string") return lineIssue(value);
  if (typeof value === "number") return numberIssue(value);
  return typeof value === "boolean" ? null : "must be text, a number, true or false";
}

/** Notes an issue for each part of a param's value, at any depth, that would not arrive as it was meant. */
export function noteIssues(param: string, value: unknown, issues: SchemaIssue[]): void {
  walk(value, [param], issues);
}

/** `path` is one array that grows and shrinks: most values have no issue that would need a path of its own. */
function walk(value: unknown, path: (string | number)[], issues: SchemaIssue[]): void {
  if (issues.length >= maxIssues) return;
  if (typeof value === "string") note(textIssue(value), path, issues);
  else if (typeof value === "number") note(numberIssue(value), path, issues);
  else if (typeof value !== "object" || value === null) return;
  else if (path.length > maxDepth) note("is nested too deeply", path, issues);
  else for (const [key, item] of Object.entries(value)) walkItem(key, item, path, issues);
}

function walkItem(key: string, item: unknown, path: (string | number)[], issues: SchemaIssue[]): void {
  path.push(key);
  if (textIssue(key))
    note("has a name with half a character in it (a lone surrogate)", path.slice(0, -1), issues);
  else walk(item, path, issues);
  path.pop();
}

function note(message: string | null, path: Path, issues: SchemaIssue[]): void {
  if (message !== null) issues.push({ path: [...path], message });
}

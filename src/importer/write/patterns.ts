import { LinearPattern, patternIssue } from "#catalog/linear-pattern.js";

/** Longer patterns are no help to whoever reads them. */
const maxLength = 500;
const maxKnown = 1_000;
const known = new Map<string, LinearPattern | null>();

/** A pattern as values are held against it; null when it cannot be used. Descriptions repeat a few, and making one is slow. */
export function patternOf(source: string): LinearPattern | null {
  let pattern = known.get(source);
  if (pattern === undefined) {
    const isUsable = source.length <= maxLength && patternIssue(source) === null;
    pattern = isUsable ? new LinearPattern(source) : null;
    if (known.size >= maxKnown) known.clear();
    known.set(source, pattern);
  }
  return pattern;
}

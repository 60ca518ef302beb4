import { distance } from "fastest-levenshtein";

/** The known name a misspelt one most likely means, or undefined when none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // More of a long one is not looked at, and would make everything seem near.
  const beginning = name.slice(0, 64).toLowerCase();
  let minSteps = Math.max(2, Math.floor(beginning.length / 3)) + 1;
  for (const candidate of known) {
    const steps = distance(beginning, candidate.toLowerCase());
    if (steps < minSteps) [best, minSteps] = [candidate, steps];
  }
  return best;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

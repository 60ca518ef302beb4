/** Is a scope for all of an integration, or of all of them? */
export const isWhole = (scope: string) => /^[^.:]+$/.test(scope);

/** Everything there is, now and later: never the choice to begin with. */
export const everything = "*";

/** What a person can choose from. Who asks for everything can be given everything that only reads. */
export function choicesFor(asked: readonly string[]): string[] {
  if (!asked.includes(everything)) return [...asked];
  return [...new Set(["*:read", ...asked.filter((scope) => scope !== everything), everything])];
}

/** What was kept of what is asked for; to only read, of each whole the part that reads. */
export function scopesChosen(kept: readonly string[], readOnly: boolean): string[] {
  return readOnly ? kept.map((scope) => (isWhole(scope) ? `${scope}:read` : scope)) : [...kept];
}

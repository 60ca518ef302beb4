/** Is a scope for all of an integration, or of all of them? */
export const isWhole = (scope: string) => /^[^.:]+$/.test(scope);

/** Everything there is, now and later: never the choice to begin with. */
export const everything = "*";

/** The scopes that a person can choose from. A request for everything can be granted as everything that only reads. */
export function choicesFor(asked: readonly string[]): string[] {
  if (!asked.includes(everything)) return [...asked];
  return [...new Set(["*:read", ...asked.filter((scope) => scope !== everything), everything])];
}

/** The scopes to grant. With `readOnly`, a scope that covers a whole integration is reduced to the part that reads. */
export function scopesChosen(kept: readonly string[], readOnly: boolean): string[] {
  return readOnly ? kept.map((scope) => (isWhole(scope) ? `${scope}:read` : scope)) : [...kept];
}

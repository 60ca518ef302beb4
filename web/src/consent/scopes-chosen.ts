/** Is a scope for all of an integration, or of all of them? */
export const coversIntegration = (scope: string) => /^[^.:]+$/.test(scope);

/** Everything there is, now and later: never the choice to begin with. */
export const everything = "*";

/** The scopes that a person can choose from. A request for everything can be granted as everything that only reads. */
export function choicesFor(requested: readonly string[]): string[] {
  if (!requested.includes(everything)) return [...requested];
  return [...new Set(["*:read", ...requested.filter((scope) => scope !== everything), everything])];
}

/** The scopes to grant. With `readOnly`, a scope that covers a whole integration is reduced to the part that reads. */
export function scopesChosen(chosen: readonly string[], readOnly: boolean): string[] {
  return readOnly ? chosen.map((scope) => (coversIntegration(scope) ? `${scope}:read` : scope)) : [...chosen];
}

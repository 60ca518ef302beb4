import { isRaw, withoutRaw } from "#core/scopes.js";

/** Is a scope for all of an integration, or of all of them? */
export const coversIntegration = (scope: string) => /^[^.:]+$/.test(scope);

/** Everything there is, now and later: never the choice to begin with. */
export const everything = "*";

/** The scopes that a person can choose from. A request for everything can be granted as everything that only reads. */
export function choicesFor(requested: readonly string[]): string[] {
  if (!requested.includes(everything)) return [...requested];
  return [...new Set(["*:read", ...requested.filter((scope) => scope !== everything), everything])];
}

/** Narrow to begin with: everything, and raw requests, are for the person to choose. */
export const firstChosen = (choices: readonly string[]) =>
  withoutRaw(choices).filter((scope) => scope !== everything);

/** The scopes to grant. Everything contains all others but raw requests. With `readOnly`, a scope that covers a whole integration is reduced to the part that reads. */
export function scopesChosen(chosen: readonly string[], readOnly: boolean): string[] {
  if (chosen.includes(everything)) return [everything, ...chosen.filter(isRaw)];
  return readOnly ? chosen.map((scope) => (coversIntegration(scope) ? `${scope}:read` : scope)) : [...chosen];
}

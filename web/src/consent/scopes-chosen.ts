/** Is a scope for all of an integration, or of all of them? */
export const isWhole = (scope: string) => /^[^.:]+$/.test(scope);

/** What was kept of what is asked for; to only read, of each whole the part that reads. */
export function scopesChosen(kept: readonly string[], readOnly: boolean): string[] {
  return readOnly ? kept.map((scope) => (isWhole(scope) ? `${scope}:read` : scope)) : [...kept];
}

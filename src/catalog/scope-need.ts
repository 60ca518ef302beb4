/** A scope that a credential needs, or several of which one suffices. */
export type ScopeNeed = string | string[];

/** Lists the needs for a reader: `repo, one of a / b`. */
export function scopesInWords(needs: readonly ScopeNeed[], write = (scope: string) => scope): string {
  const texts = needs.map((need) =>
    typeof need === "string" ? write(need) : `one of ${need.map(write).join(" / ")}`,
  );
  return texts.join(", ");
}

/** The scopes that make up for what is missing: of several one that is granted, else the first. */
export function scopesToRequest(needs: readonly ScopeNeed[], granted: readonly string[]): string[] {
  const scopes = needs.map((need) => {
    const anyOf = [need].flat();
    return anyOf.find((scope) => granted.includes(scope)) ?? anyOf[0]!;
  });
  return [...new Set(scopes)];
}

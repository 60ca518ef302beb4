/** "3 of 10", or "3, no limit". */
export function usedOf(used: number, limit: number | null): string {
  return limit === null ? `${used}, no limit` : `${used} of ${limit}`;
}

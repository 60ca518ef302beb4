/** "3 of 10", or "3, no limit". */
export function usedOf(used: number, limit: number | null): string {
  return limit === null ? `${used}, no limit` : `${used} of ${limit}`;
}

/** "1.2 MiB of 100 MiB". */
export function storedOf(bytes: number, limit: number | null): string {
  const shown = `${(bytes / mebibyte).toFixed(1)} MiB`;
  return limit === null ? `${shown}, no limit` : `${shown} of ${limit / mebibyte} MiB`;
}

const mebibyte = 1024 * 1024;

/** A time as people of this browser write it: "22 Nov 2026, 19:05". */
export function momentInWords(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

import { setImmediate as nextTurn } from "node:timers/promises";

/** Words sorted or merged without letting anything else run: some milliseconds. */
const turnWords = 8_192;

/** As `sort()` would, while others are served: runs are sorted one by one, then merged in pairs. */
export async function sortInTurns(words: readonly string[]): Promise<string[]> {
  let runs: string[][] = [];
  for (let at = 0; at < words.length; at += turnWords) {
    runs.push(words.slice(at, at + turnWords).sort());
    await nextTurn();
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at]!, runs[at + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(a: string[], b: string[]): Promise<string[]> {
  const merged: string[] = [];
  for (let [atA, atB] = [0, 0]; atA < a.length || atB < b.length; ) {
    merged.push(atB >= b.length || (atA < a.length && a[atA]! <= b[atB]!) ? a[atA++]! : b[atB++]!);
    if (merged.length % (4 * turnWords) === 0) await nextTurn();
  }
  return merged;
}

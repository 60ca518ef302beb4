/**
 * Measures how many slips of the keyboard lie between `word` and others: a letter too much, missing or wrong,
 * or two that changed places (optimal string alignment). More than `limit` answers `limit + 1`, sooner.
 */
export function createEditDistance(word: string, limit: number): (other: string) => number {
  // Of the last three rows of the table; made once, because a question measures thousands of words.
  const size = word.length + limit + 2;
  let [before, last, row] = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)];

  return (other) => {
    if (Math.abs(word.length - other.length) > limit) return limit + 1;
    for (let j = 0; j <= other.length; j++) last[j] = j;
    for (let i = 1; i <= word.length; i++) {
      const letter = word.charCodeAt(i - 1);
      let best = i;
      row[0] = i;
      for (let j = 1; j <= other.length; j++) {
        const wrong = letter === other.charCodeAt(j - 1) ? 0 : 1;
        let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + wrong);
        if (
          wrong === 1 &&
          i > 1 &&
          j > 1 &&
          letter === other.charCodeAt(j - 2) &&
          word.charCodeAt(i - 2) === other.charCodeAt(j - 1)
        )
          cost = Math.min(cost, before[j - 2]! + 1);
        row[j] = cost;
        if (cost < best) best = cost;
      }
      if (best > limit) return limit + 1;
      [before, last, row] = [last, row, before];
    }
    return Math.min(last[other.length]!, limit + 1);
  };
}

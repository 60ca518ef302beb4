/** A mark for each letter of a word: words whose marks differ much are not near each other. */
export function lettersOf(word: string): number {
  let marks = 0;
  for (let at = 0; at < word.length; at++) marks |= 1 << (word.charCodeAt(at) % 32);
  return marks;
}

export function bitsOf(marks: number): number {
  let count = 0;
  for (let left = marks; left !== 0; left &= left - 1) count += 1;
  return count;
}

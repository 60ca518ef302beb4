/** Rows of a term and its text, in two columns. */
export function table(rows: string[][], columns: number): string {
  const width = Math.min(Math.max(...rows.map(([term = ""]) => term.length)), 34);
  return rows.map(([term = "", text = ""]) => row(term, text, width, columns)).join("\n");
}

function row(term: string, text: string, width: number, columns: number): string {
  const indent = width + 4;
  const wrapped = wrap(text, columns, indent);
  if (text === "") return `  ${term}`;
  return term.length > width
    ? `  ${term}\n${" ".repeat(indent)}${wrapped}`
    : `  ${term.padEnd(width)}  ${wrapped}`;
}

/** Breaks lines between words; all but the first are indented. */
export function wrap(text: string, columns: number, indent: number): string {
  const room = Math.max(columns - indent, 30);
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1] ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

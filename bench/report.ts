import type { Scenario, Standing } from "./measure.js";

export interface Result extends Scenario {
  /** Rows in the audit log before this measurement began. */
  rows: number;
  standings: Standing[];
}

const widths = [30, 9, 9, 9, 3, 9, 9, 9];

export function heading(rows: number): string {
  const log =
    rows === 0 ? "audit log empty at the start" : `${rows.toLocaleString("en")} rows in the audit log`;
  return `\n== ${log} ==\n`;
}

/** Figures, and behind the bar their ratios to the baseline. */
export function table({ endpoint, connections, standings }: Result): string {
  const title = `${endpoint}, ${connections} connection${connections === 1 ? "" : "s"}`;
  const head = row([title, "req/s", "p50 ms", "p99 ms", "|", "req/s", "p50", "p99"]);
  return `${[head, ...standings.map(line)].join("\n")}\n\n`;
}

function line({ contestant, ratio, ...load }: Standing): string {
  return row([
    contestant,
    load.requestsPerSecond.toFixed(0),
    load.p50Ms.toFixed(2),
    load.p99Ms.toFixed(2),
    "|",
    ...[ratio.requestsPerSecond, ratio.p50Ms, ratio.p99Ms].map((value) => `×${value.toFixed(2)}`),
  ]);
}

function row([first, ...others]: string[]): string {
  const cells = others.map((cell, at) => cell.padStart(widths[at + 1]!));
  return [first!.padEnd(widths[0]!), ...cells].join("");
}

import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { Integration } from "#catalog/integration.js";
import { readCatalog } from "#catalog/load/load.js";
import { createSearch } from "#catalog/search.js";
import { median } from "./measure.js";
import questions from "./questions.json" with { type: "json" };

/**
 * How often a question in plain words finds its endpoint, on two halves of a set: one to tune the search with, and one
 * to report on. Then the time of a question among many endpoints.
 */

const { values } = parseArgs({
  options: {
    /** Prints the questions of the half to tune with that do not find their endpoint first. */
    misses: { type: "boolean", default: false },
    endpoints: { type: "string", default: "5000" },
  },
});

interface Question {
  ask: string;
  /** `github.create_issue`: any of them is right; none when nothing fits. */
  answers: string[];
  kind: string;
}

/** How often each question is asked for its time. */
const rounds = 5;

interface Tally {
  count: number;
  first: number;
  amongFive: number;
}

const { integrations } = readCatalog(["integrations"]);
const { search } = createSearch(integrations);
for (const [half, asked] of Object.entries(questions)) await report(half, asked);
await time(Number(values.endpoints));

async function report(half: string, asked: readonly Question[]): Promise<void> {
  const tallies = new Map<string, Tally>();
  for (const question of asked) {
    const found = await find(question.ask);
    const nothing = question.answers.length === 0;
    const isRight = (it: string | undefined) => (nothing ? it === undefined : question.answers.includes(it!));
    const first = isRight(found[0]);
    const amongFive = first || (!nothing && found.slice(0, 5).some(isRight));
    for (const name of nothing ? ["nothing fits"] : ["all", ...services(question), question.kind])
      count(tallies, name, first, amongFive);
    if (values.misses && half === "tune" && !first)
      say(`  ${question.ask}\n    ${found.slice(0, 3).join(" ")}\n`);
  }
  say(`\n${half.padEnd(18)}${["questions", "first", "among five"].map((it) => it.padStart(12)).join("")}\n`);
  for (const [name, { count: all, first, amongFive }] of tallies) {
    const shares = [first, amongFive].map((it) => `${((100 * it) / all).toFixed(1)} %`.padStart(12));
    say(`${name.padEnd(18)}${String(all).padStart(12)}${shares.join("")}\n`);
  }
}

async function find(ask: string): Promise<string[]> {
  return (await search(ask)).endpoints.map(({ integration, name }) => `${integration}.${name}`);
}

function services({ answers }: Question): string[] {
  return [...new Set(answers.map((it) => it.split(".")[0]!))];
}

function count(tallies: Map<string, Tally>, name: string, first: boolean, amongFive: boolean): void {
  const tally = tallies.get(name) ?? { count: 0, first: 0, amongFive: 0 };
  tally.count++;
  tally.first += Number(first);
  tally.amongFive += Number(amongFive);
  tallies.set(name, tally);
}

/** Asks all questions among copies of the integrations, under names of their own. */
async function time(endpoints: number): Promise<void> {
  const many = new Map<string, Integration>();
  let size = 0;
  for (let copy = 0; size < endpoints; copy++)
    for (const integration of integrations.values()) {
      const [slug, name] = [`${integration.slug}-${copy}`, `${integration.name} ${copy}`];
      many.set(slug, { ...integration, slug, name });
      size += integration.endpoints.size;
    }
  const { prepare, search: searchMany } = createSearch(many);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const making = await timed(prepare);
  delay.disable();
  const asks = Object.values(questions).flatMap((asked) => asked.map(({ ask }) => ask));
  const first = await timed(() => searchMany(asks[0]!));
  // Of several rounds the least: whatever else the machine does only adds.
  const times = asks.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [at, ask] of asks.entries())
      times[at] = Math.min(times[at]!, await timed(() => searchMany(ask)));
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor((times.length - 1) * 0.99)]!;
  say(
    `\n${size} endpoints: p50 ${median(times).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; the first question after the ` +
      `index was made ${first.toFixed(0)} ms\nmaking the index in the background ${making.toFixed(0)} ms, ` +
      `in which nothing else waited longer than ${(delay.max / 1e6).toFixed(0)} ms\n`,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function say(text: string): void {
  process.stdout.write(text);
}

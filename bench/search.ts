import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createSkillSearch } from "#skills/registry/search.js";
import type { Database } from "#store/engine/database.js";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { createDatabase } from "#support/postgres.js";
import { type NewSkill, publishSkills } from "#support/published-skills.js";
import { insertPerson } from "#support/world.js";
import { describeMachine } from "./machine.js";
import { postgresServer } from "./postgres-server.js";
import { cleanup, runBench } from "./run-bench.js";

const { values } = parseArgs({
  options: {
    skills: { type: "string", default: "10000" },
    questions: { type: "string", default: "2000" },
    "no-postgres": { type: "boolean", default: false },
  },
});
const [skills, questions] = [Number(values.skills), Number(values.questions)];
/** At most what a question may take, at p99. */
const goalMs = 20;

await runBench(15, bench);

async function bench(directory: string): Promise<void> {
  const { text } = await describeMachine(directory);
  process.stdout.write(`${text}; ${skills} skills of one tenant, ${questions} questions\n\n`);
  await measure("SQLite", await openDatabase({ directory: path.join(directory, "sqlite") }));
  const server = values["no-postgres"] ? undefined : await postgresServer(`${directory}-postgres`, cleanup);
  if (!server) return;
  const { url, drop } = await createDatabase(server);
  cleanup.add(drop);
  await measure("PostgreSQL", await openDatabase({ url, directory }));
}

async function measure(name: string, database: Database): Promise<void> {
  try {
    await migrate(database);
    const { tenantId } = await insertPerson(database, "bench");
    const language = createLanguage();
    for (let at = 0; at < skills; at += 500)
      await publishSkills(database, tenantId, newSkills(language, at, Math.min(at + 500, skills)));
    const { search } = createSkillSearch({ database });
    const ask = (q: string) => search(tenantId, { q, limit: 20, offset: 0 });

    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const first = await timed(() => ask("first"));
    delay.disable();
    const right = await timeAll(ask, () => language.text(1 + language.below(5)));
    const wrong = await timeAll(ask, () => withSlips(language.text(1 + language.below(5))));
    await publishSkills(database, tenantId, newSkills(language, skills, skills + 1));
    const changed = await timed(() => ask("first"));
    report(name, { first, maxBlockMs: delay.max / 1e6, changed, right, wrong });
  } finally {
    await database.close();
  }
}

interface Figures {
  first: number;
  maxBlockMs: number;
  changed: number;
  right: number[];
  wrong: number[];
}

function report(name: string, { first, maxBlockMs, changed, right, wrong }: Figures): void {
  const row = (title: string, times: number[]) => {
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
    const verdict = `×${(p99 / goalMs).toFixed(2)} of ${goalMs} ms`;
    return `  ${title.padEnd(22)} p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms   ${verdict}\n`;
  };
  process.stdout.write(
    `${name}\n${row("words as they are", right)}${row("words with slips", wrong)}` +
      `  first question ${first.toFixed(0)} ms, which makes the index; nothing else waited longer than ` +
      `${maxBlockMs.toFixed(0)} ms\n  first question after a change ${changed.toFixed(1)} ms\n\n`,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function timeAll(ask: (q: string) => Promise<unknown>, question: () => string): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < questions; at++) {
    const query = question();
    times.push(await timed(() => ask(query)));
  }
  return times.sort((a, b) => a - b);
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)]!;
}

interface Language {
  below(limit: number): number;
  text(length: number): string;
}

/** Forty thousand made-up words, a few of which are everywhere and most of which are rare, as words are. */
function createLanguage(): Language {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(random() * limit);
  const syllable = () => "bcdfghklmnprstvw"[below(16)]! + "aeiou"[below(5)]!;
  const vocabulary = Array.from({ length: 40_000 }, () =>
    Array.from({ length: 2 + below(4) }, syllable).join(""),
  );
  const word = () => vocabulary[Math.floor(vocabulary.length ** random()) - 1]!;
  return { below, text: (count) => Array.from({ length: count }, word).join(" ") };
}

function newSkills({ text }: Language, from: number, to: number): NewSkill[] {
  return Array.from({ length: to - from }, (_, at) => ({
    slug: `${text(2).replace(" ", "-")}-${from + at}`,
    description: text(25),
    category: text(1),
    metadata: [`tags: ${text(3)}`],
    body: `# ${text(4)}\n\n${text(200)}\n\n## ${text(4)}\n\n${text(200)}`,
  }));
}

/** Two letters of each longer word change places. */
function withSlips(text: string): string {
  return text.replace(/\b(\w{2})(\w)(\w)/g, "$1$3$2");
}

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { createDatabase } from "#support/postgres.js";
import type { ReadyProcess } from "#support/ready-process.js";
import {
  type Contestant,
  connectGithub,
  executor,
  type Installation,
  installation,
  ownerKey,
  startProgram,
  startSkillett,
  upstreamItself,
} from "./contestants.js";
import { fillLog } from "./fill-log.js";
import { startLoadGenerator } from "./load-generator.js";
import { describeMachine } from "./machine.js";
import { measure, type Scenario } from "./measure.js";
import { postgresServer } from "./postgres-server.js";
import { heading, type Result, table } from "./report.js";
import { cleanup, runBench } from "./run-bench.js";
import { sameAnswers } from "./same-answers.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    rows: { type: "string", default: "1000000" },
    json: { type: "string" },
    "no-postgres": { type: "boolean", default: false },
  },
});
const rounds = { rounds: count("rounds"), seconds: count("seconds") };
const rows = count("rows");

const forwarderName = "bare forwarder";
const scenarios: Scenario[] = [
  { endpoint: "get_repo", connections: 1 },
  { endpoint: "get_repo", connections: 32 },
  { endpoint: "create_issue", connections: 1 },
  { endpoint: "create_issue", connections: 32 },
];

await runBench(30, bench);

async function bench(directory: string): Promise<void> {
  const machine = await describeMachine(directory);
  say(
    `${machine.text}\n${rounds.rounds} rounds of ${rounds.seconds} s each; medians; × is the ratio to the ${forwarderName}\n`,
  );

  const upstream = await cleanup.track(startProgram("upstream.ts"));
  const forwarder = await cleanup.track(startProgram("forwarder.ts", { UPSTREAM_URL: upstream.url }));
  const generator = startLoadGenerator();
  cleanup.add(generator.stop);
  const fixed = [upstreamItself(upstream.url), executor(forwarderName, forwarder.url)];

  const results: Result[] = [];
  const installations = await install(directory, upstream.url);
  const running = new Map<Installation, ReadyProcess>();
  for (const one of installations) running.set(one, await cleanup.track(startSkillett(one)));
  for (const [one, { url }] of running) await connectGithub(url, await ownerKey(one));
  await round(0);

  for (const one of installations) {
    await running.get(one)!.stop();
    await fillLog(one, rows);
    running.set(one, await cleanup.track(startSkillett(one)));
  }
  await round(rows);
  if (values.json) await writeJson(values.json, { machine: machine.facts, ...rounds, results });

  async function round(rowsBefore: number): Promise<void> {
    const skilletts = [...running].map(async ([one, { url }]) =>
      executor(one.name, url, await ownerKey(one)),
    );
    const contestants: Contestant[] = [...fixed, ...(await Promise.all(skilletts))];
    await sameAnswers(contestants.slice(1));
    say(heading(rowsBefore));
    for (const scenario of scenarios) {
      const standings = await measure(generator, contestants, forwarderName, scenario, rounds);
      const result = { rows: rowsBefore, ...scenario, standings };
      results.push(result);
      say(table(result));
    }
  }
}

async function install(directory: string, upstreamUrl: string): Promise<Installation[]> {
  const found: Installation[] = [await prepared("Skillett, SQLite")];
  const server = values["no-postgres"] ? undefined : await postgresServer(`${directory}-postgres`, cleanup);
  if (!server) {
    say("PostgreSQL is left out: none was found.\n");
    return found;
  }
  const database = await createDatabase(server);
  cleanup.add(database.drop);
  return [...found, await prepared("Skillett, PostgreSQL", database.url)];

  async function prepared(name: string, databaseUrl?: string): Promise<Installation> {
    const home = path.join(directory, name.replace(/\W+/g, "-").toLowerCase());
    await mkdir(home, { mode: 0o700 });
    return installation(name, home, { upstreamUrl, databaseUrl });
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

function count(option: "rounds" | "seconds" | "rows"): number {
  const value = Number(values[option]);
  if (Number.isInteger(value) && value > 0) return value;
  say(`--${option} takes a whole number above 0, not ${values[option]}\n`);
  process.exit(64);
}

function say(text: string): void {
  process.stdout.write(text);
}

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { type Installation, installation, ownerKey, startSkillett } from "./contestants.js";
import { median } from "./measure.js";
import { cleanup, runBench } from "./run-bench.js";

/**
 * Measures a server with 5,000 endpoints in folders of its operator beside one with those that ship: its start with and
 * without compiled folders, its memory, a list and a search.
 */

const minEndpoints = 5_000;
const starts = 5;
const questions = 20;
const shipped = fileURLToPath(new URL("../integrations", import.meta.url));

interface Figures {
  startMs: number;
  /** Processor time, which other work of the machine changes less. */
  processorMs: number;
  megabytes: number;
  listMs: number;
  searchMs: number;
}

await runBench(15, bench);

async function bench(directory: string): Promise<void> {
  const folders = path.join(directory, "folders");
  const count = copyFolders(folders);
  const few = place(path.join(directory, "few"), {});
  const many = place(path.join(directory, "many"), { SKILLETT_INTEGRATIONS_DIR: folders });
  const [coldFew, coldMany] = [await figuresOf(few), await figuresOf(many)];
  const turns: [Figures, Figures][] = [];
  for (let turn = 0; turn < starts; turn++) turns.push([await figuresOf(few), await figuresOf(many)]);
  const middle = (which: 0 | 1, name: keyof Figures) => median(turns.map((turn) => turn[which][name]));
  process.stdout.write(`${count} endpoints beside those that ship\n\n`);
  row("", "shipped", "and many", "ratio", "more");
  const line = (title: string, a: number, b: number, unit: string) =>
    row(
      title,
      `${a.toFixed(1)} ${unit}`,
      `${b.toFixed(1)} ${unit}`,
      (b / a).toFixed(2),
      `${(b - a).toFixed(1)} ${unit}`,
    );
  line("first start", coldFew.startMs, coldMany.startMs, "ms");
  line("start", middle(0, "startMs"), middle(1, "startMs"), "ms");
  line("processor", middle(0, "processorMs"), middle(1, "processorMs"), "ms");
  line("memory", middle(0, "megabytes"), middle(1, "megabytes"), "MB");
  line("list", middle(0, "listMs"), middle(1, "listMs"), "ms");
  line("search", middle(0, "searchMs"), middle(1, "searchMs"), "ms");
}

function place(directory: string, env: Record<string, string>): Installation {
  mkdirSync(directory, { mode: 0o700 });
  const made = installation("Skillett", directory, { upstreamUrl: "http://127.0.0.1:1" });
  return { ...made, env: { ...made.env, ...env } };
}

/** Copies of the folders that ship, under other names, until there are enough endpoints. */
function copyFolders(to: string): number {
  const slugs = readdirSync(shipped).filter((name) => name !== "providers");
  let count = 0;
  for (let copy = 1; count < minEndpoints; copy++) {
    for (const slug of slugs) {
      const [from, at] = [path.join(shipped, slug), path.join(to, `${slug}-${copy}`)];
      cpSync(from, at, { recursive: true });
      const skill = path.join(at, "SKILL.md");
      writeFileSync(
        skill,
        readFileSync(skill, "utf8").replace(`name: skillett-${slug}`, `name: skillett-${slug}-${copy}`),
      );
      count += readdirSync(path.join(at, "endpoints"), { recursive: true }).filter((it) =>
        String(it).endsWith(".md"),
      ).length;
    }
  }
  return count;
}

async function figuresOf(installed: Installation): Promise<Figures> {
  const began = performance.now();
  const server = await cleanup.track(startSkillett(installed, 300_000));
  const startMs = performance.now() - began;
  const headers = { authorization: `Bearer ${await ownerKey(installed)}` };
  const get = async (at: string) => {
    const answer = await request(`${server.url}${at}`, { headers });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${at} answered ${answer.statusCode}: ${text}`);
    return text;
  };
  const processorMs = 1_000 * read(await get("/metrics"), "process_cpu_seconds_total");
  // The index of search is part of what a server needs, and is made after the start.
  await get("/v1/skills?q=open an issue");
  const listMs = await timed(() => get("/v1/skills"));
  const searchMs = await timed(() => get("/v1/skills?q=write a mail to the team"));
  const megabytes = memoryOf(await get("/metrics"));
  await server.stop();
  return { startMs, processorMs, megabytes, listMs, searchMs };
}

/** @returns ms, the median */
async function timed(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < questions; turn++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return median(times);
}

/** @returns MB that values take, and bytes outside of the heap */
function memoryOf(metrics: string): number {
  return (read(metrics, "nodejs_heap_size_used_bytes") + read(metrics, "nodejs_external_memory_bytes")) / 1e6;
}

function read(metrics: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1]);
}

function row(title: string, ...cells: string[]): void {
  process.stdout.write(`${title.padEnd(12)}${cells.map((cell) => cell.padStart(14)).join("")}\n`);
}

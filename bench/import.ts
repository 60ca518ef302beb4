import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { readGraphqlSchema } from "#importer/graphql/read-schema.js";
import { importDescription } from "#importer/import-description.js";

/**
 * Measures the time and the memory of importing each description of `SKILLETT_SPECS_DIR`, in a process of its own.
 * `npx tsx bench/import.ts`, or with the beginning of a file's name for one.
 */

const dir = process.env.SKILLETT_SPECS_DIR ?? "";
const maxMs = 10_000;
const maxMegabytes = 1_000;

function fieldsOf(text: string): string[] {
  const schema = readGraphqlSchema(text);
  const types = [schema.getQueryType(), schema.getMutationType()];
  return types
    .flatMap((type) => Object.keys(type?.getFields() ?? {}))
    .filter((name) => !name.startsWith("_"));
}

/** Prints endpoints, milliseconds by the clock and of the processor, megabytes and kilobytes of one import. */
function measure(file: string): void {
  const text = gunzipSync(readFileSync(join(dir, file))).toString();
  const isGraphql = file.endsWith(".graphql.gz");
  const options = isGraphql ? { baseUrl: "https://api.example.com/graphql", operations: fieldsOf(text) } : {};
  const begun = performance.now();
  const before = process.cpuUsage();
  const { endpoints, files } = importDescription({ text }, { slug: file.split(".")[0]!, ...options });
  const ms = Math.round(performance.now() - begun);
  const used = process.cpuUsage(before);
  const cpuMs = Math.round((used.user + used.system) / 1_000);
  const kilobytes = Math.round(files.reduce((sum, it) => sum + it.text.length, 0) / 1024);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify([endpoints, ms, cpuMs, megabytes, kilobytes]));
}

function row(cells: readonly (string | number)[]): string {
  const [name, ...others] = cells.map(String);
  return `${name!.padEnd(32)}${others.map((cell) => cell.padStart(12)).join("")}\n`;
}

function measureAll(beginning: string): void {
  const files = readdirSync(dir).filter(
    (name) => /\.(json|yaml|graphql)\.gz$/.test(name) && name.startsWith(beginning),
  );
  process.stdout.write(row(["description", "endpoints", "ms", "CPU ms", "peak MB", "KB written"]));
  for (const file of files) {
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), "--one", file];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (stdout === "") {
      process.stdout.write(`${file}: ${stderr.trim().split("\n").at(-1)}\n`);
      process.exitCode = 1;
      continue;
    }
    const figures: number[] = JSON.parse(stdout);
    process.stdout.write(row([file, ...figures]));
    if (figures[1]! > maxMs || figures[3]! > maxMegabytes) process.exitCode = 1;
  }
}

if (process.argv[2] === "--one") measure(process.argv[3]!);
else measureAll(process.argv[2] ?? "");

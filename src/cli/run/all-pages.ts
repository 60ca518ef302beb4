import { Readable } from "node:stream";
import type { EndpointPage } from "#cli/run/endpoint-help.js";
import type { ParsedFlags } from "#cli/run/flags.js";
import type { ParamsSchema } from "#cli/run/params-schema.js";
import { printReply, tellAccount } from "#cli/run/reply.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printText } from "#cli/terminal/output.js";
import { warn } from "#cli/terminal/report.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { readText } from "#client/client.js";
import type { TransportReply } from "#client/transport.js";
import { parseFields, pick } from "#core/fields.js";
import { compact, eachItem, findMember } from "#core/json-text.js";

/** `--all` is short for `--all-pages`, unless it is a param of the endpoint. */
export function spellOut(args: string[], { properties }: ParamsSchema): string[] {
  if (Object.hasOwn(properties, "all")) return args;
  return args.map((arg) => (arg === "--all" ? "--all-pages" : arg));
}

/** The query that asks for all pages; empty when the flags do not. @throws UsageError */
export function allQuery({ run }: ParsedFlags): { all?: true; max?: number } {
  const max = run.max as string | undefined;
  if (!run["all-pages"]) {
    if (max !== undefined) throw new UsageError("--max is for --all-pages, which reads page after page.");
    return {};
  }
  if (max === undefined) return { all: true };
  const number = Number(max);
  if (/^\d+$/.test(max) && number >= 1 && number <= 10_000) return { all: true, max: number };
  throw new UsageError(`--max expects a number from 1 to 10000, not "${max}".`);
}

/**
 * Prints the items of all pages, each on a line, and gives the exit code: not that of success when something but
 * `--max` has ended them early. Any other answer is printed as it came.
 */
export async function printItems(
  reply: TransportReply,
  page: EndpointPage,
  { run }: ParsedFlags,
  host: Host,
): Promise<number> {
  const text = await readText(reply);
  const answer = compact(text);
  const part = (name: string) => {
    const place = findMember(answer, name);
    return place && answer.slice(place.from, place.to);
  };
  const data = part("data");
  const about = JSON.parse(part("page") ?? "{}");
  if (about.items === undefined || !data?.startsWith("[")) {
    const body = Readable.from([Buffer.from(text)], { objectMode: false });
    return printReply({ ...reply, body }, page, run.fields as string | undefined, host);
  }
  tellAccount(reply.headers, host);
  const { json, warning } =
    typeof run.fields === "string" ? pick(data, parseFields(run.fields)) : { json: data, warning: undefined };
  const lines: string[] = [];
  eachItem(json, { from: 0, to: json.length }, ({ from, to }) => lines.push(`${json.slice(from, to)}\n`));
  await printText(host, lines.join(""));
  if (warning !== undefined) warn(host, warning);
  return tellEnd(host, JSON.parse(part("hint") ?? "{}").message, about, Number(run.max));
}

/** @param max of the caller; NaN for none */
function tellEnd(
  host: Host,
  why: string | undefined,
  about: { items: number; next?: object; complete?: boolean },
  max: number,
): number {
  if (why === undefined) return exitCodes.ok;
  const goOn = about.next ? ` To go on, add --params ${quoted(JSON.stringify(about.next))}.` : "";
  warn(host, `${why}${goOn}`);
  return about.complete || about.items >= max ? exitCodes.ok : exitCodes.refused;
}

import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { collect, examples, type Profiled, profiled } from "#cli/command-parts.js";
import { parseJson, ValueError } from "#cli/run/flag-values.js";
import { inDoubt } from "#cli/run/in-doubt.js";
import { outputPath, saveReply } from "#cli/run/output-file.js";
import { printReply } from "#cli/run/reply.js";
import { openSession } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { readStdin, readTextFile } from "#cli/terminal/text-input.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput } from "#contract/io.js";

type Body = CallInput<Contract["sendRequest"]>["body"];

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof methods)[number];

export function addRequest(program: Command, host: Host, exit: (code: number) => void): void {
  profiled(program.command("request"))
    .summary("Send a request of your own to an integration")
    .description(
      "Send a request of your own to an integration, and print its answer as JSON. The server adds the credential. " +
        "A request that is an endpoint takes the scope of the endpoint, any other one a key with <integration>:raw.",
    )
    .argument("<integration>", "such as github")
    .addArgument(new Argument("<method>", "of HTTP, in any case").choices(methods).argParser(toMethod))
    .argument("<path>", "below the base URL of the integration: /repos/acme/app")
    .option("--query <name=value>", "add to the query; once for each", collect)
    .option("--header <name: value>", "add a header; once for each", collect)
    .option("--body <json | @file | ->", "JSON, or with --header 'Content-Type: …' another text")
    .option("--base <name>", "another base URL of the integration, by its name")
    .option(
      "--connection <connection>",
      "account to use: connection id or account name; else the default one",
    )
    .option("--fields <a,b.c>", "print only these fields of the data")
    .option("--output-file <path>", "save the answer as a file; nothing is replaced without --clobber")
    .option("--clobber", "let --output-file replace a file")
    .option("--dry-run", "show the request instead of sending it")
    .option("--idempotency-key <key>", "send it once: the same key again gives the first answer")
    .addHelpText(
      "after",
      examples(
        "skillett request github GET /repos/acme/app/topics",
        "skillett request github GET /repos/acme/app/commits --query per_page=3 --fields sha",
        'skillett request github PUT /repos/acme/app/topics --body \'{"names":["skills"]}\' --dry-run',
        "skillett request sandbox GET /issues",
      ),
    )
    .action(async (integration: string, method: Method, path: string, options: RequestOptions) =>
      exit(await request(integration, method, path, options, host)),
    );
}

function toMethod(text: string): string {
  const method = text.toUpperCase();
  if (methods.some((it) => it === method)) return method;
  throw new UsageError(`${text} is none of the methods ${methods.join(", ")}.`, ["skillett request --help"]);
}

export interface RequestOptions extends Profiled {
  query?: string[];
  header?: string[];
  body?: string;
  base?: string;
  connection?: string;
  fields?: string;
  outputFile?: string;
  clobber?: boolean;
  dryRun?: boolean;
  idempotencyKey?: string;
}

/** `skillett request <integration> <method> <path>`. Gives the exit code. */
export async function request(
  integration: string,
  method: Method,
  path: string,
  options: RequestOptions,
  host: Host,
): Promise<number> {
  const { dryRun, idempotencyKey, fields } = options;
  const run = {
    ...(options.outputFile === undefined ? {} : { "output-file": options.outputFile }),
    ...(options.clobber ? { clobber: true } : {}),
    ...(fields === undefined ? {} : { fields }),
  };
  const target = outputPath({ run }, host);
  const body = await toBody(method, path, options, host);
  const session = openSession(host, options.profile);
  const called = { integration, endpoint: `${method} ${path.split("?")[0]}` };
  try {
    const reply = await session.client.stream("sendRequest", {
      params: { integration },
      query: {
        ...(dryRun ? { dry_run: true } : {}),
        ...(target === undefined ? {} : { as: "file" as const }),
      },
      headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
      body,
      signal: session.signal,
    });
    if (target !== undefined && !dryRun) return await saveReply(session, reply, called, target, host);
    return await printReply(reply, called, fields, host);
  } catch (error) {
    const isHarmless = method === "GET" || method === "HEAD" || dryRun || idempotencyKey !== undefined;
    throw isHarmless ? error : inDoubt(error, integration);
  }
}

async function toBody(method: Method, path: string, options: RequestOptions, host: Host): Promise<Body> {
  const { base, connection } = options;
  const headers = pairsOf(options.header ?? [], ":", "--header 'Accept: application/json'");
  const query = pairsOf(options.query ?? [], "=", "--query per_page=3");
  const body = options.body === undefined ? undefined : await readBody(options.body, headers, host);
  return {
    method,
    // An address stays as it is: the server says that it takes a path.
    path: path.startsWith("/") || path.includes("://") ? path : `/${path}`,
    ...(Object.keys(query).length > 0 ? { query } : {}),
    ...(Object.keys(headers).length > 0
      ? { headers: mapValues(headers, (values) => values.join(", ")) }
      : {}),
    ...(body === undefined ? {} : { body }),
    ...(base === undefined ? {} : { base }),
    ...(connection === undefined ? {} : { connection }),
  };
}

/** Texts such as `name=value`, as the values of each name. */
function pairsOf(texts: readonly string[], sign: string, example: string): Record<string, string[]> {
  const pairs: Record<string, string[]> = Object.create(null);
  for (const text of texts) {
    const at = text.indexOf(sign);
    // The value may be a SECRET: it is not repeated.
    if (at < 1) throw new UsageError(`A name and a value have ${sign} between them: ${example}.`);
    const value = text.slice(at + 1);
    const name = text.slice(0, at).trim();
    pairs[name] = [...(pairs[name] ?? []), sign === ":" ? value.trim() : value];
  }
  return pairs;
}

const mapValues = <T, R>(values: Record<string, T>, map: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));

/** JSON, unless a header says that it is another text. */
async function readBody(source: string, headers: Record<string, string[]>, host: Host): Promise<unknown> {
  const text = await readSource(source, host);
  const [, [type = ""] = []] = Object.entries(headers).find(([name]) => /^content-type$/i.test(name)) ?? [];
  if (type !== "" && !/^[^;]*[/+]json\s*(;|$)/i.test(type)) return text;
  try {
    return parseJson(text, "is not JSON");
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new UsageError(
      `--body ${error.message}. Of another text, say the type: --header 'Content-Type: text/plain'.`,
    );
  }
}

async function readSource(source: string, host: Host): Promise<string> {
  if (source === "-") return readStdin(host, "--body");
  return source.startsWith("@")
    ? readTextFile(resolve(host.directory ?? "", source.slice(1)), "--body")
    : source;
}

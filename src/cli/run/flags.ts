import { type ParseArgsConfig, parseArgs } from "node:util";
import { isObject, parseTexts, ValueError } from "#cli/run/flag-values.js";
import {
  formsOf,
  isNullable,
  isSwitch,
  type ParamSchema,
  type ParamsSchema,
} from "#cli/run/params-schema.js";
import { didYouMean } from "#core/suggest.js";

/** Flags of `run` itself, with their line of help; no param may have these names. */
export const runFlags = {
  params: {
    type: "string",
    term: "--params <json | @file | ->",
    help: "All params as a JSON object, from a file or from stdin; flags win over it",
  },
  connection: {
    type: "string",
    term: "--connection <connection>",
    help: "Account to use: connection id or account name; else the default one",
  },
  fields: { type: "string", term: "--fields <a,b.c>", help: "Print only these fields of the data" },
  view: {
    type: "string",
    term: "--view <readable | raw>",
    help: "Print the readable view of the answer, where the endpoint has one; else it is raw",
  },
  "output-file": {
    type: "string",
    term: "--output-file <path>",
    help: "Save the answer as a file, and print what is known of it; nothing is replaced without --clobber",
  },
  clobber: { type: "boolean", term: "--clobber", help: "Let --output-file replace a file" },
  "all-pages": {
    type: "boolean",
    term: "--all, --all-pages",
    help: "Read page after page of a list, and print an item a line",
  },
  max: { type: "string", term: "--max <number>", help: "With --all: items at most; 1000 when left out" },
  "dry-run": { type: "boolean", term: "--dry-run", help: "Show the request instead of sending it" },
  "idempotency-key": {
    type: "string",
    term: "--idempotency-key <key>",
    help: "Send it once: the same key again gives the first answer",
  },
  profile: { type: "string", term: "--profile <name>", help: "Server and key to use, from the config file" },
  help: { type: "boolean", short: "h", term: "-h, --help", help: "Show what the endpoint takes" },
} as const;

export type RunFlag = keyof typeof runFlags;

/** A command line as far as it could be understood, and everything that is wrong with it. */
export interface ParsedFlags {
  run: Partial<Record<RunFlag, string | boolean>>;
  params: ParamFlag[];
  /** Params that were named at all, even without a value. */
  named: Set<string>;
  problems: string[];
}

/** One param, or a part of one (`committer.name`), with all the texts it was given. */
export interface ParamFlag {
  /** As it was written, `--per-page`. */
  spelling: string;
  path: string[];
  schema: ParamSchema;
  texts: string[];
  /** `--<param>-file`: each text is the name of a file, until it has been read. */
  isFile?: boolean;
}

interface Target {
  path: string[];
  schema: ParamSchema;
  /** `--no-…`: the text it stands for. */
  negated?: "false" | "null";
  /** `--…-file`: the text is in the file of that name. */
  isFile?: true;
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

/** Reads flags by the endpoint's schema. Never throws: `problems` lists what is wrong. */
export function parseFlags(args: string[], schema: ParamsSchema): ParsedFlags {
  const targets = new Map<string, Target>();
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = { ...runFlags };
  for (const arg of args) {
    const name = /^--([^=]+)/.exec(arg)?.[1];
    if (name === undefined || Object.hasOwn(options, name)) continue;
    const target = resolve(name, schema) ?? resolveFile(name, schema);
    if (!target) continue;
    targets.set(name, target);
    options[name] = { type: takesValue(target) ? "string" : "boolean" };
  }
  const tokens = lex(args, options);
  const parsed: ParsedFlags = { run: {}, params: [], named: new Set(), problems: [] };
  for (const token of tokens) if (token.kind === "option") readOption(token, targets, schema, parsed);
  // The word after an unknown flag is most likely its value: one error for both is enough.
  if (parsed.problems.length === 0) parsed.problems = tokens.flatMap((token) => leftover(token, tokens));
  return parsed;
}

/** A text such as "- have" is taken apart into short flags by parseArgs; here it stays a text. */
function lex(args: string[], options: NonNullable<ParseArgsConfig["options"]>): Token[] {
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  return tokens.flatMap((token, position): Token[] => {
    const arg = args[token.index] ?? "";
    if (token.kind !== "option" || token.rawName.startsWith("--") || arg.length === 2) return [token];
    if (tokens[position - 1]?.index === token.index) return [];
    return [{ kind: "positional", index: token.index, value: arg }];
  });
}

function readOption(
  token: OptionToken,
  targets: Map<string, Target>,
  schema: ParamsSchema,
  parsed: ParsedFlags,
) {
  const { name, rawName, value } = token;
  const target = targets.get(name);
  const own = Object.hasOwn(runFlags, name) ? (name as RunFlag) : undefined;
  if (!own && !target) {
    parsed.problems.push(`Unknown flag ${rawName}.${didYouMean(rawName, flagNames(schema))}`);
    return;
  }
  if (target) parsed.named.add(target.path[0] ?? name);
  const isBoolean = own ? runFlags[own].type === "boolean" : target && !takesValue(target);
  if (!isBoolean && (value === undefined || (!token.inlineValue && looksLikeFlag(value)))) {
    parsed.problems.push(`${rawName} needs a value; one that begins with dashes is written ${rawName}=--….`);
    return;
  }
  if (own) {
    if (isBoolean && value !== undefined && value !== "true" && value !== "false") {
      parsed.problems.push(`${rawName} expects true or false.`);
    }
    parsed.run[own] = isBoolean ? value !== "false" : (value as string);
  } else if (target) {
    addText(parsed.params, rawName, target, textOf(target, value));
  }
}

function addText(params: ParamFlag[], spelling: string, target: Target, text: string): void {
  const { path, schema, isFile = false } = target;
  const key = path.join("\0");
  const known = params.find((flag) => flag.path.join("\0") === key && flag.isFile === isFile);
  if (known) known.texts.push(text);
  else params.push({ spelling, path, schema, texts: [text], isFile });
}

function textOf(target: Target, value: string | undefined): string {
  if (target.negated === "null") return "null";
  if (target.negated === "false") return value === "false" ? "true" : "false";
  return value ?? "true";
}

/** Puts the flags over `base` (what `--params` gave); adds to `problems` what does not fit the schema. */
export function buildParams(
  flags: ParamFlag[],
  base: Record<string, unknown>,
  problems: string[],
): Record<string, unknown> {
  const params = { ...base };
  for (const { spelling, path, schema, texts, isFile } of flags) {
    try {
      const twin = flags.find(
        (other) => other.isFile !== isFile && other.path.join("\0") === path.join("\0"),
      );
      if (isFile && twin) throw new ValueError(`and ${twin.spelling} exclude each other`);
      const form = isFile ? { type: "string" } : schema;
      setAt(params, path, isNull(spelling, texts, schema) ? null : parseTexts(texts, form));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      problems.push(`${spelling} ${error.message}.`);
    }
  }
  return params;
}

/** `--no-milestone` says null even where `--milestone null` would be the word "null". */
function isNull(spelling: string, texts: string[], schema: ParamSchema): boolean {
  return spelling.startsWith("--no-") && texts.length === 1 && texts[0] === "null" && isNullable(schema);
}

function setAt(object: Record<string, unknown>, path: string[], value: unknown): void {
  const [head = "", ...rest] = path;
  if (rest.length === 0) {
    object[head] = value;
    return;
  }
  const inner = isObject(object[head]) ? { ...object[head] } : {};
  object[head] = inner;
  setAt(inner, rest, value);
}

/** Every flag the endpoint understands, for suggestions and completion. */
export function flagNames(schema: ParamsSchema): string[] {
  const own = Object.keys(runFlags).map((name) => `--${name}`);
  return [
    ...Object.entries(schema.properties).flatMap(([name, param]) => paramFlagNames(name, param)),
    ...own,
  ];
}

function paramFlagNames(name: string, schema: ParamSchema): string[] {
  const nested = Object.entries(schema.properties ?? {});
  const dotted = nested.flatMap(([key, inner]) => paramFlagNames(`${name}.${key}`, inner));
  const negated = isSwitch(schema) ? [`--no-${name}`] : [];
  return [`--${name}`, ...negated, ...dotted];
}

function resolve(name: string, { properties }: Pick<ParamsSchema, "properties">): Target | undefined {
  const [head = "", ...rest] = name.split(".");
  const property = findProperty(head, properties);
  if (property) {
    const schema = properties[property] ?? {};
    if (rest.length === 0) return { path: [property], schema };
    const inner = resolveInside(rest.join("."), schema);
    return inner && { ...inner, path: [property, ...inner.path] };
  }
  if (!name.startsWith("no-")) return undefined;
  const target = resolve(name.slice(3), { properties });
  if (!target || target.negated) return undefined;
  if (isSwitch(target.schema)) return { ...target, negated: "false" };
  return isNullable(target.schema) ? { ...target, negated: "null" } : undefined;
}

/** A param of the name itself goes first: there may be one that ends with -file. */
function resolveFile(name: string, schema: ParamsSchema): Target | undefined {
  const target = name.endsWith("-file") ? resolve(name.slice(0, -5), schema) : undefined;
  const takesText = target && formsOf(target.schema).some(({ type }) => type === "string" || type === "any");
  return takesText && !target.negated ? { ...target, isFile: true } : undefined;
}

function resolveInside(name: string, schema: ParamSchema): Target | undefined {
  for (const form of formsOf(schema)) {
    if (form.type !== "object") continue;
    const { properties = {}, additionalProperties } = form.schema;
    const target = resolve(name, { properties });
    if (target) return target;
    const isOpen = additionalProperties ?? Object.keys(properties).length === 0;
    if (!isOpen || /(^|\.)(__proto__)?(\.|$)/.test(name)) continue;
    return { path: name.split("."), schema: typeof isOpen === "object" ? isOpen : {} };
  }
  return undefined;
}

/** The property itself, or the one whose name is spelt so with dashes (`per_page`, `maxResults`). */
function findProperty(name: string, properties: Record<string, ParamSchema>): string | undefined {
  if (Object.hasOwn(properties, name)) return name;
  return Object.keys(properties).find((property) => dashed(property) === name);
}

function dashed(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

function takesValue({ schema, negated }: Target): boolean {
  return !negated && !isSwitch(schema);
}

/** Text may begin with dashes (a Markdown list); a lone word with two of them was meant as a flag. */
function looksLikeFlag(text: string): boolean {
  return /^--[A-Za-z][\w.-]*(=.*)?$/s.test(text);
}

function leftover(token: Token, tokens: Token[]): string[] {
  if (token.kind !== "positional") return [];
  const before = tokens.find(({ kind, index }) => kind === "option" && index === token.index - 1);
  const flag = before?.kind === "option" ? before.rawName : undefined;
  if (flag && /^(true|false)$/.test(token.value))
    return [`"${token.value}" is left over: write ${flag}=${token.value}.`];
  return [`"${token.value}" is left over: values follow a flag, and text with spaces needs quotes.`];
}

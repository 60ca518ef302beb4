import { type ParamSchema, paramsSchema, typeWords } from "#cli/params-schema.js";
import type { Client } from "#client/client.js";

export type EndpointPage = Awaited<ReturnType<Client["getEndpoint"]>>;

/** What `skillett run <integration> <endpoint> --help` prints. */
export function endpointHelp(page: EndpointPage, columns: number): string {
  const { properties, required } = paramsSchema(page.params);
  const names = Object.keys(properties);
  const rows = [
    ...names.filter((name) => required.includes(name)),
    ...names.filter((name) => !required.includes(name)),
  ].map((name) => [
    `--${name} <${typeWords(properties[name] ?? {})}>`,
    describe(properties[name] ?? {}, required.includes(name)),
  ]);
  const call = `skillett run ${page.integration} ${page.endpoint}`;
  const sections = [
    `Usage: ${call} ${required.map((name) => `--${name} … `).join("")}[flags]`,
    wrap(`${page.summary} (${page.effect})`, columns, 0),
    rows.length > 0 ? `Params:\n${table(rows, columns)}` : "It takes no params.",
    `Flags:\n${table(runRows, columns)}`,
    `Example:\n  ${exampleCommand(call, page.example)}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

const runRows = [
  [
    "--params <json | @file | ->",
    "All params as a JSON object, from a file or from stdin; flags win over it",
  ],
  ["--connection <connection>", "Account to use: connection id or account name; else the default one"],
  ["--fields <a,b.c>", "Print only these fields of the data"],
  ["--dry-run", "Show the request instead of sending it"],
  ["--idempotency-key <key>", "Send it once: the same key again gives the first answer"],
  ["--profile <name>", "Server and key to use, from the config file"],
];

function describe(schema: ParamSchema, isRequired: boolean): string {
  const facts = [
    isRequired ? "required" : "",
    schema.default === undefined ? "" : `default: ${JSON.stringify(schema.default)}`,
  ];
  const notes = facts.filter((fact) => fact !== "");
  return [schema.description ?? "", notes.length > 0 ? `(${notes.join(", ")})` : ""]
    .filter((part) => part !== "")
    .join(" ");
}

function table(rows: string[][], columns: number): string {
  const width = Math.min(Math.max(...rows.map(([term = ""]) => term.length)), 34);
  return rows.map(([term = "", text = ""]) => row(term, text, width, columns)).join("\n");
}

function row(term: string, text: string, width: number, columns: number): string {
  const indent = width + 4;
  const words = wrap(text, columns, indent);
  return term.length > width
    ? `  ${term}\n${" ".repeat(indent)}${words}`
    : `  ${term.padEnd(width)}  ${words}`;
}

/** Breaks lines between words; all but the first are indented. */
function wrap(text: string, columns: number, indent: number): string {
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

function exampleCommand(call: string, example: unknown): string {
  const flags = Object.entries((example ?? {}) as Record<string, unknown>).map(([name, value]) =>
    exampleFlag(name, value),
  );
  return [call, ...flags].join(" ");
}

function exampleFlag(name: string, value: unknown): string {
  if (typeof value === "boolean") return value ? `--${name}` : `--no-${name}`;
  const isPlainList =
    Array.isArray(value) && value.every((item) => typeof item !== "object" && !/[,[\s]/.test(String(item)));
  const text = isPlainList ? value.join(",") : typeof value === "string" ? value : JSON.stringify(value);
  return text.startsWith("--") ? `--${name}=${quoted(text)}` : `--${name} ${quoted(text)}`;
}

/** As a POSIX shell wants it. */
function quoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `"${text}"`;
}

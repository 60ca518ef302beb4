import { isPlainWord } from "#cli/run/flag-values.js";
import { runFlags } from "#cli/run/flags.js";
import {
  formsOf,
  isLine,
  isSwitch,
  type ParamSchema,
  paramsSchema,
  typeInWords,
} from "#cli/run/params-schema.js";
import { quoted } from "#cli/terminal/shell-words.js";
import { table, wrap } from "#cli/terminal/table.js";
import type { Client } from "#client/client.js";
import { takesFiles } from "#core/file-handle.js";

export type EndpointPage = Awaited<ReturnType<Client["getEndpoint"]>>;

/** The text that `skillett run <integration> <endpoint> --help` prints. */
export function endpointHelp(page: EndpointPage, columns: number): string {
  const { properties, required } = paramsSchema(page.params);
  const names = Object.keys(properties);
  const inOrder = [
    ...names.filter((name) => required.includes(name)),
    ...names.filter((name) => !required.includes(name)),
  ];
  const rows = inOrder.map((name) => paramRow(name, properties[name] ?? {}, required.includes(name)));
  const call = `skillett run ${page.integration} ${page.endpoint}`;
  const sections = [
    `Usage: ${call} ${required.map((name) => `--${name} … `).join("")}[flags]`,
    wrap(`${page.summary} (${page.effect})`, columns, 0),
    ...(page.hint ? [wrap(page.hint.message, columns, 0)] : []),
    rows.length > 0 ? `Params:\n${table(rows, columns)}` : "It takes no params.",
    wrap(`Further flags, see \`skillett run --help\`: ${runFlagNames}`, columns, 2),
    wrap(`Returns: ${page.returns}`, columns, 2),
    ...(page.views.readable ? [wrap(`Readable view: ${page.views.readable.join(", ")}`, columns, 2)] : []),
    `Example:\n  ${exampleCommand(call, page.example)}`,
    // Markdown of the author, with lines that may be a table or code.
    `Advice:\n${page.markdown.trimEnd()}`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** The flags of `run` itself, as rows of a table. */
export const runFlagRows = [
  ["--<param>-file <file | ->", "Take the text of a param from a file, or from stdin"],
  ...Object.values(runFlags).map(({ term, help }) => [term, help]),
];

const runFlagNames = ["--<param>-file", ...Object.keys(runFlags).map((name) => `--${name}`)].join(", ");

function paramRow(name: string, schema: ParamSchema, isRequired: boolean): string[] {
  const term = isSwitch(schema) ? `--${name}, --no-${name}` : `--${name} <${typeInWords(schema)}>`;
  return [term, describe(schema, isRequired)];
}

function describe(schema: ParamSchema, isRequired: boolean): string {
  const facts = [
    isRequired ? "required" : "",
    takesFiles(schema) ? fileFact(schema) : listFact(schema),
    schema.default === undefined ? "" : `default: ${JSON.stringify(schema.default)}`,
  ];
  const notes = facts.filter((fact) => fact !== "");
  return [schema.description ?? "", notes.length > 0 ? `(${notes.join(", ")})` : ""]
    .filter((part) => part !== "")
    .join(" ");
}

function fileFact({ items }: ParamSchema): string {
  return items ? "@path, @- for stdin, or a handle; one each time" : "@path, @- for stdin, or a handle";
}

/** How several items are written. */
function listFact(schema: ParamSchema): string {
  const list = formsOf(schema).find(({ type }) => type === "array");
  const items = list && formsOf(list.schema.items ?? {});
  if (!items) return "";
  const isOneEach = isLine(list.schema.items ?? {}) || items.every(({ type }) => type === "object");
  return isOneEach ? "one each time, or a JSON list" : "a,b or one each time, or a JSON list";
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
    Array.isArray(value) && value.every((item) => typeof item !== "object" && isPlainWord(String(item)));
  const text = isPlainList ? value.join(",") : typeof value === "string" ? value : JSON.stringify(value);
  return text.startsWith("--") ? `--${name}=${quoted(text)}` : `--${name} ${quoted(text)}`;
}

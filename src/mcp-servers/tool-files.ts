import { stringify } from "yaml";
import { reservedEndpoints } from "#catalog/load/endpoint-rules.js";
import { oneLine, paragraphs } from "#importer/text.js";
import { type ListedTool, pinOf } from "#mcp-servers/pin.js";
import { toEffect } from "#mcp-servers/tool-effect.js";
import { type ToolParams, toParams } from "#mcp-servers/tool-params.js";

/** The file of an endpoint that calls a tool. */
export interface ToolFile {
  /** Of the endpoint. */
  name: string;
  /** The tool's own. */
  tool: string;
  /** In the folder: `endpoints/tools/find_tickets.md`. */
  path: string;
  text: string;
}

export interface ToolFiles {
  files: ToolFile[];
  /** Sentences about what could not be carried, or was changed on the way. */
  notes: string[];
}

const maxNotes = 100;
const maxSummary = 120;
const maxAdvice = 8_000;

/**
 * An endpoint file for each tool.
 *
 * @param known names of endpoints by tool: a tool that had one keeps it, whatever others are called
 */
export function toFiles(tools: readonly ListedTool[], known: ReadonlyMap<string, string>): ToolFiles {
  const notes: string[] = [];
  const names = new Set(known.values());
  const files = tools.flatMap((tool) => {
    const shown = JSON.stringify(tool.name.slice(0, 80));
    const carried = toParams(tool.inputSchema);
    if (!carried) {
      notes.push(`The tool ${shown} needs an argument that cannot be a param.`);
      return [];
    }
    notes.push(...carried.notes.map((note) => `The tool ${shown}: ${note}`));
    const name = known.get(tool.name) ?? free(plainName(tool.name), names);
    names.add(name);
    if (name !== tool.name) notes.push(`The tool ${shown} is the endpoint ${name}.`);
    const path = `endpoints/tools/${name}.md`;
    return [{ name, tool: tool.name, path, text: write(tool, carried) }];
  });
  return { files, notes: notes.slice(0, maxNotes) };
}

function plainName(tool: string): string {
  const plain = tool
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, 64)
    .replace(/^_+|_+$/g, "");
  const named = /^[a-z]/.test(plain) ? plain : plain === "" ? "tool" : `tool_${plain}`;
  return reservedEndpoints.includes(named) || named in {} ? `${named}_tool` : named;
}

function free(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function write(tool: ListedTool, { params, open, example: given }: ToolParams): string {
  const sent = open === null ? renamed(given, params) : (given[open] ?? {});
  const matter = {
    summary: summaryOf(tool),
    tool: tool.name,
    pin: pinOf(tool),
    ...(open === null ? {} : { arguments: open }),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...toEffect(tool.annotations),
    returns: returnsOf(tool),
    example: { params: given, sends: { arguments: sent } },
  };
  const text = stringify(matter, { lineWidth: 0, aliasDuplicateObjects: false });
  const advice = paragraphs(tool.description, maxAdvice) || "The server says no more about this tool.";
  return `---\n${text}---\n${advice}\n`;
}

/** Arguments by the names that the tool has for them. */
function renamed(
  given: Record<string, unknown>,
  params: Record<string, { as?: string }>,
): Record<string, unknown> {
  const pairs = Object.entries(given).map(([name, value]) => [
    params[name]!.as?.replaceAll("\\.", ".") ?? name,
    value,
  ]);
  return Object.fromEntries(pairs);
}

function summaryOf({ name, title, description, annotations }: ListedTool): string {
  const own = title ?? (annotations as { title?: unknown } | undefined)?.title;
  return oneLine(own, maxSummary) || firstSentence(description) || oneLine(name, maxSummary) || "A tool";
}

const firstSentence = (text: string | undefined) =>
  oneLine(/^[^\n]*?[.!?](?=\s|$)/.exec(text?.trim().slice(0, 1_000) ?? "")?.[0] ?? text, maxSummary);

function returnsOf({ outputSchema }: ListedTool): string {
  return (
    oneLine((outputSchema as { description?: unknown } | undefined)?.description, 200) ||
    "What the tool answers."
  );
}

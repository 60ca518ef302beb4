import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import Type from "typebox";
import { slugIssue } from "#catalog/load/load.js";
import { type FileProblem, readYaml, type Source } from "#catalog/load/source.js";
import { createSchemaCompiler } from "#core/schema-check.js";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";

const closed = { additionalProperties: false };
const line = () => Type.String({ minLength: 1, maxLength: 200, pattern: "^[^\\u0000-\\u001f]+$" });
const argument = () => Type.String({ pattern: "^[^\\u0000]*$" });

const server = Type.Object(
  {
    /** Some clients write it; no other type is started. */
    type: Type.Optional(Type.Literal("stdio")),
    command: Type.String({ minLength: 1, pattern: "^[^\\u0000]+$" }),
    args: Type.Optional(Type.Array(argument())),
    env: Type.Optional(Type.Record(Type.String({ pattern: "^[^=\\u0000]+$" }), argument(), closed)),
    name: Type.Optional(line()),
    description: Type.Optional(line()),
  },
  closed,
);

const servers = Type.Record(Type.String(), server);

/** `mcpServers` as Claude, Cursor and others write it, or `servers` as VS Code does. */
const file = Type.Object({ mcpServers: Type.Optional(servers), servers: Type.Optional(servers) }, closed);

type ServersFile = Type.Static<typeof file>;

type Env = Record<string, string | undefined>;

/**
 * The file that `SKILLETT_MCP_SERVERS` names: MCP servers that are commands on this machine. Notes every problem of it.
 *
 * @param ours our environment, of which they have next to nothing
 */
export function readStdioServers(path: string | undefined, ours: Env, problems: string[]): StdioCommand[] {
  if (!path) return [];
  const inherited = inheritedOf(ours);
  const found: FileProblem[] = [];
  const read = readFile(path, found).map((it) => ({ ...it, inherited }));
  problems.push(...found.map((it) => `${it.file}${it.line === null ? "" : `:${it.line}`}: ${it.message}`));
  return found.length === 0 ? read : [];
}

/** Windows starts next to nothing without its own folder, and does not tell upper from lower case in names. */
function inheritedOf(ours: Env): Record<string, string> {
  const names = process.platform === "win32" ? ["PATH", "PATHEXT", "SYSTEMROOT"] : ["PATH"];
  const isInherited = (entry: [string, string | undefined]): entry is [string, string] =>
    names.includes(process.platform === "win32" ? entry[0].toUpperCase() : entry[0]) &&
    entry[1] !== undefined;
  return Object.fromEntries(Object.entries(ours).filter(isInherited));
}

function readFile(path: string, problems: FileProblem[]): Omit<StdioCommand, "inherited">[] {
  const source = readYaml(path, textOf(path, problems), problems);
  if (!source || problems.length > 0) return [];
  const issues = createSchemaCompiler()(file)(source.value);
  for (const issue of issues) source.report(issue.path, issue.message);
  if (issues.length > 0) return [];
  const { mcpServers, servers } = source.value as ServersFile;
  if (mcpServers && servers) source.report(["servers"], "stands beside mcpServers: put all of them into one");
  const key = mcpServers ? "mcpServers" : "servers";
  return Object.entries(mcpServers ?? servers ?? {}).map(
    ([slug, { command, args, env, name, description }]) => {
      check(slug, command, [key, slug], source);
      const shown = name ?? slug;
      return {
        slug,
        name: shown,
        description: description ?? `Tools of the MCP server ${shown}, which runs beside Skillett.`,
        command,
        args: args ?? [],
        env: env ?? {},
      };
    },
  );
}

function check(slug: string, command: string, at: string[], source: Source): void {
  const issue = slugIssue(slug);
  if (issue !== null) source.report(at, issue);
  const isName = !/[\\/]/.test(command);
  if (!isName && !isAbsolute(command)) {
    source.report(
      [...at, "command"],
      "must be a name that is found in PATH, or an absolute path: the server starts in a folder of its own",
    );
  }
}

function textOf(path: string, problems: FileProblem[]): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const message = `cannot be read, and SKILLETT_MCP_SERVERS names it: ${(error as Error).message}`;
    problems.push({ file: path, line: null, message });
    return "";
  }
}

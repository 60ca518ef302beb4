import {
  type CallToolResult,
  fromJsonSchema,
  type jsonSchemaValidator,
  type McpServer,
  type ToolAnnotations,
} from "@modelcontextprotocol/server";
import type { Static, TObject } from "typebox";
import { badRequest } from "#core/errors.js";
import { meant } from "#core/lenient.js";
import { type Check, createSchemaCompiler } from "#core/schema-check.js";
import type { Backend } from "#mcp/backend.js";
import { refusal } from "#mcp/refusal.js";

/** A tool as a value: its description for a model, and its work. */
export interface Tool<In extends TObject = TObject, Out extends TObject = TObject> {
  name: string;
  title: string;
  description: string;
  input: In;
  output: Out;
  /**
   * The value is given as text alone, and no schema is listed for it. Clients show models the text or the
   * structured content, so every other result has both; a long one would go over the line twice.
   */
  textOnly?: boolean;
  annotations: ToolAnnotations;
  run(backend: Backend, args: Static<In>, signal: AbortSignal): Promise<Result<Static<Out>>>;
}

export interface Result<Value> {
  value: Value;
  /** The value as JSON, where that says more than the value can: numbers with all their digits. */
  text?: string;
  /** It is an answer, but not the one hoped for. */
  isError?: boolean;
  /** Data beside the result, for the program that shows it: the model need not read it. */
  meta?: Record<string, unknown>;
}

/** Keeps the types of the schemas for `run`. */
export const tool = <In extends TObject, Out extends TObject>(it: Tool<In, Out>) => it;

const compile = createSchemaCompiler();

/** Registers the tools in this order, which is the one clients list them in. */
export function createAddTools(tools: readonly Tool[]) {
  const prepared = tools.map(prepare);
  return (mcp: McpServer, backend: Backend): void => {
    for (const { name, check, input, run, textOnly, ...shown } of prepared) {
      mcp.registerTool(name, shown, (args, { mcpReq: { signal } }) =>
        answer(backend, textOnly, () => run(backend, checked(name, check, meant(input, args)), signal)),
      );
    }
  };
}

function prepare({ name, title, description, input, output, textOnly = false, annotations, run }: Tool) {
  return {
    name,
    title,
    description,
    inputSchema: fromJsonSchema<Record<string, unknown>>(listed(input), asGiven),
    ...(textOnly ? {} : { outputSchema: fromJsonSchema<Record<string, unknown>>(listed(output), asGiven) }),
    textOnly,
    annotations,
    check: compile(input),
    input: input,
    run,
  };
}

/** Lets everything pass: arguments are checked below, with our own messages, and results by their types. */
const asGiven: jsonSchemaValidator = {
  getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
};

/** Bounds are checked, and told where they are broken; a model that reads the tools has no use for them, and pays. */
const unlisted = ["minLength", "maxLength", "pattern"];

/** A schema as it is listed, in the dialect of the protocol, which goes without saying. @see MCP 2025-11-25, JSON Schema usage */
function listed(schema: TObject): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema, (key, value) => (unlisted.includes(key) ? undefined : value)));
}

function checked(name: string, check: Check, args: unknown): Record<string, unknown> {
  const issues = check(args);
  if (issues.length === 0) return args as Record<string, unknown>;
  throw badRequest(issues.map(({ path, message }) => ({ at: [name, ...path].join("."), message })));
}

async function answer(
  backend: Backend,
  textOnly: boolean,
  run: () => Promise<Result<unknown>>,
): Promise<CallToolResult> {
  try {
    const { value, text = JSON.stringify(value), isError = false, meta } = await run();
    return {
      ...(meta ? { _meta: meta } : {}),
      ...(isError ? { isError } : {}),
      ...(textOnly ? {} : { structuredContent: value as Record<string, unknown> }),
      content: [{ type: "text", text }],
    };
  } catch (error) {
    return refusal(backend.toErrorBody(error));
  }
}

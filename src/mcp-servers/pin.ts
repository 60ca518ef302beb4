import { createHash } from "node:crypto";
import stringify from "safe-stable-stringify";

/** A tool as `tools/list` describes it. Nothing of it is believed but its shape. */
export interface ListedTool {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  inputSchema: object;
  outputSchema?: object | undefined;
  annotations?: object | undefined;
}

/** Everything of a tool that people and models have seen when they decided about it: a change of it is another tool. */
export function pinOf({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations,
}: ListedTool): string {
  const seen = { name, title, description, inputSchema, outputSchema, annotations };
  return createHash("sha256").update(stringify(seen)!).digest("hex");
}

import type { Tool } from "#catalog/tool.js";

/** The headers that repeat arguments of a call. @see MCP 2026-07-28, Custom Headers from Tool Parameters */
export function paramHeaders(
  { headers }: Tool,
  given: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const isGiven = (argument: string) => Object.hasOwn(given, argument) && given[argument] !== null;
  const present = Object.entries(headers).filter(([argument]) => isGiven(argument));
  return Object.fromEntries(
    present.map(([argument, name]) => [`Mcp-Param-${name}`, encode(String(given[argument]))]),
  );
}

/** Text that a header cannot have is Base64 between marks, and so is what looks like that. */
function encode(text: string): string {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(text) && !/^=\?base64\?.*\?=$/.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text).toString("base64")}?=`;
}

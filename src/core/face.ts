/** By which way a call comes in: our REST API, the CLI, MCP, or the web pages. */
export type Face = "rest" | "cli" | "mcp" | "web";

/** Products that the CLI and `skillett mcp` name in `user-agent`, before the version. */
export const userAgents = { cli: "skillett-cli", mcp: "skillett-mcp" } as const satisfies Partial<
  Record<Face, string>
>;

/**
 * The face of a request to a route, as the request itself claims. A client can claim any, so it is stored for readers
 * of the log, and no decision depends on it.
 */
export function faceOf(userAgent: string | undefined, bySession: boolean): Face {
  if (bySession) return "web";
  const product = userAgent?.split("/", 1)[0];
  if (product === userAgents.cli) return "cli";
  return product === userAgents.mcp ? "mcp" : "rest";
}

/** By which way a call comes in: our REST API, the CLI, MCP, or the web pages. */
export type Face = "rest" | "cli" | "mcp" | "web";

/** What the CLI and `skillett mcp` call themselves in `user-agent`, before the version. */
export const userAgents = { cli: "skillett-cli", mcp: "skillett-mcp" } as const satisfies Partial<
  Record<Face, string>
>;

/**
 * The face of a request to a route, as it says itself. Anybody can say anything there, so it is written down for
 * whoever reads the log, and nothing is allowed or refused by it.
 */
export function faceOf(userAgent: string | undefined, bySession: boolean): Face {
  if (bySession) return "web";
  const product = userAgent?.split("/", 1)[0];
  if (product === userAgents.cli) return "cli";
  return product === userAgents.mcp ? "mcp" : "rest";
}

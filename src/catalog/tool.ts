/** A tool of an MCP server, which an endpoint stands for. */
export interface Tool {
  /** Its name at the server, whatever characters that has. */
  name: string;
  /** Calling it twice has the effect of calling it once, as its author says. */
  isRepeatable: boolean;
  /** SHA-256 of the tool as the server described it when somebody decided about it; null where nobody wrote it down. */
  pin: string | null;
  /** Header name behind `Mcp-Param-` by name of the argument that the server wants to have there, too. */
  headers: Readonly<Record<string, string>>;
}

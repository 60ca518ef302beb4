/** A tool of an MCP server that is described otherwise than before, while its endpoint was on. The endpoint is off for that. */
export interface ToolChange {
  integration: string;
  endpoint: string;
  /** SHA-256 of the tool as it is now. */
  pin: string;
  /** How it differs, for a person to read. */
  diff: string;
}

/** An MCP server that is a command on this machine, which the operator has named. */
export interface StdioCommand {
  /** Of its integration. */
  slug: string;
  name: string;
  description: string;
  /** A name that is found in `PATH`, or an absolute path. */
  command: string;
  args: readonly string[];
  /** Its part of our environment: `PATH`, and little else. */
  inherited: Readonly<Record<string, string>>;
  /** SECRET: may hold credentials. */
  env: Readonly<Record<string, string>>;
}

/** How a catalogue names it in place of a URL. Files cannot: only http and https are taken there. */
const prefix = "stdio://";

export const stdioUrl = (slug: string) => `${prefix}${slug}`;

/** The slug of the server that a URL names; undefined for any other URL. */
export const stdioSlug = (url: string) => (url.startsWith(prefix) ? url.slice(prefix.length) : undefined);

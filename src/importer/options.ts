export interface ImportOptions {
  /** The integration's. */
  slug: string;
  /** The name people see; without it, the title of the description. */
  name?: string | undefined;
  /** In place of the server of the description. */
  baseUrl?: string | undefined;
  /** Only operations with one of these tags; all when empty. */
  tags?: readonly string[] | undefined;
  /** Only operations with one of these ids; all when empty. Of GraphQL, names of fields of Query and Mutation. */
  operations?: readonly string[] | undefined;
}

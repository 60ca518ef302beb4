/**
 * Kinds of bodies of an import. `description`: the text of one. `documents`: JSON with `description` and `documents`,
 * texts by address. `folder`: JSON with `files`, texts by path. `tools`: JSON of a `ServerDescription`. `stored`: empty, what is stored is compiled anew.
 */
export type Content = "description" | "documents" | "folder" | "tools" | "stored";

export interface ImportOptions {
  /** In place of that of the description. */
  baseUrl?: string | undefined;
  /** Only operations with one of these tags, or of these names. */
  tags?: string[] | undefined;
  operations?: string[] | undefined;
  /** URL that the description comes from. */
  fetchedFrom?: string | undefined;
  /** The folder refines what is stored, also when it has an integration.yaml. */
  overlay?: boolean | undefined;
}

/** An account of what became of the description, or of the folder. */
export interface ImportReport {
  kind: string;
  title: string;
  version: string;
  left_out: { what: string; count: number; examples: string[] }[];
  notes: string[];
}

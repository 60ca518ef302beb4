import type { HttpMethod } from "#catalog/schema.js";

/** Worked example, and golden test: `params` must become exactly `sends`. */
export interface Example {
  params: Record<string, unknown>;
  /** The files that params name, by handle. */
  files?: Record<string, ExampleFile>;
  sends: ExampleRequest;
  /** An excerpt of the JSON body of an answer, to hold against it everything that the file reads of one. */
  answer?: unknown;
}

export interface ExampleRequest {
  method: HttpMethod;
  /** Path below the base URL, encoded, without the query. */
  url: string;
  query?: Record<string, string | string[]>;
  /** Only the headers that come from params and constants. */
  headers?: Record<string, string>;
  /** The JSON body; with `message` its other fields, `{}` when there are none, without `bodyUnder`. */
  json?: unknown;
  /** Those of a tool; the rest of the message says itself. */
  arguments?: unknown;
  form?: Record<string, string | string[]>;
  /** Variables of a GraphQL query; `json` then holds the other fields, if there are any, without the query. */
  variables?: unknown;
  /** The email as text, line ends as \n. */
  message?: string;
  parts?: ExamplePart[];
  raw?: ExampleContent & { media_type: string };
}

export type ExampleFile = { name: string; media_type: string } & Partial<Record<"text" | "base64", string>>;

/** Text, or bytes that are none in Base64. */
export type ExampleContent = { text: string } | { base64: string };

export type ExamplePart = { name: string; filename?: string; media_type?: string } & ExampleContent;

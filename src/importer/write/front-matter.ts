import type { ParamSchema } from "#catalog/schema.js";
import type { JsonObject } from "#core/json-object.js";

/** One param as the front matter of an endpoint has it. */
export type ParamYaml = ParamSchema & { description: string; required?: boolean | string[] };

/** The front matter of an endpoint, as far as it is about the request. */
export interface Request {
  path: string;
  params: Record<string, ParamYaml>;
  body?: "form" | "multipart" | "raw";
  media_type?: string;
  body_root?: string;
  constants?: { query?: Record<string, string>; headers?: Record<string, string>; body?: JsonObject };
}

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The effect of a call on the world: `destructive` cannot be undone. */
export type Effect = "read" | "write" | "destructive";

/** JSON Schema of a params object: flat properties, closed, required names on top. */
export interface ParamsSchema {
  type: "object";
  properties: Record<string, ParamSchema>;
  required: string[];
  additionalProperties: false;
}

/** JSON Schema of one param. */
export interface ParamSchema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  default?: unknown;
  items?: ParamSchema;
  properties?: Record<string, ParamSchema>;
  [keyword: string]: unknown;
}

/** Circles of those who notice a call: also people outside the account's organization, people within it, the account alone. */
export const reaches = ["outsiders", "tenant", "self"] as const;

export type Reach = (typeof reaches)[number];

export type Scalar = string | number | boolean;

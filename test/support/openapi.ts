import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv, type ValidateFunction } from "ajv";
import type { HttpMethod } from "#catalog/schema.js";

/**
 * For tests: reads the OpenAPI 3 document a service publishes, so that endpoints can be held against it.
 * Only as much of the format as the documents of our services use.
 */
export interface ServiceDescription {
  /** The operation a request would reach, by its absolute URL. */
  operation(method: HttpMethod, url: string): Operation | null;
}

export interface Operation {
  /** Names of the query params. */
  query: Set<string>;
  /** Scopes of which a credential needs one; empty when the document names none. */
  scopes: Set<string>;
  /** Names of the fields of the body, or null when the document does not list them. */
  body: Set<string> | null;
  /** What the service would find wrong with a JSON body. */
  bodyErrors(json: unknown): string[];
}

type Json = Record<string, unknown>;

/** Null when the directory has no document of this name. */
export function readDescription(dir: string, slug: string): ServiceDescription | null {
  const file = join(dir, `${slug}.json.gz`);
  if (!existsSync(file)) return null;
  const document = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const base: string = document.servers[0].url.replace(/\/$/, "");
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, validateSchema: false });
  ajv.addSchema({ $id: "document", components: document.components });
  const resolve = (value: unknown): Json => {
    const ref = (value as Json | undefined)?.$ref;
    if (typeof ref !== "string") return (value ?? {}) as Json;
    return resolve(
      ref
        .split("/")
        .slice(1)
        .reduce((node, step) => node[step], document),
    );
  };
  return {
    operation(method, url) {
      const path = url.startsWith(base)
        ? findPath(Object.keys(document.paths), url.slice(base.length))
        : undefined;
      const item = path === undefined ? {} : document.paths[path];
      const operation = item[method.toLowerCase()];
      if (!operation) return null;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
      const body = bodySchema(operation, resolve);
      return {
        query: new Set(parameters.filter((param) => param.in === "query").map(({ name }) => String(name))),
        scopes: scopesOf(operation),
        body: propertyNames(body, resolve),
        bodyErrors: (json) => (body ? bodyErrors(ajv, body, json) : []),
      };
    },
  };
}

function scopesOf({ security }: Json): Set<string> {
  const ways = (security ?? []) as Record<string, string[]>[];
  return new Set(ways.flatMap((way) => Object.values(way).flat()).filter((scope) => scope !== "none"));
}

/** The template with the most fixed text wins; only a last param may stand for several segments. */
function findPath(templates: string[], path: string): string | undefined {
  const fixed = (template: string) => template.replace(/\{[^}]+\}/g, "").length;
  const matching = (last: string) =>
    templates
      .filter((template) => pathPattern(template, last).test(path))
      .sort((a, b) => fixed(b) - fixed(a))[0];
  return matching("[^/]+") ?? matching(".+");
}

function pathPattern(template: string, last: string): RegExp {
  const escaped = template.replace(/[.+*?^$()[\]|]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{[^}]+\}$/, last).replace(/\{[^}]+\}/g, "[^/]+")}$`);
}

function bodySchema(operation: Json, resolve: (value: unknown) => Json): unknown {
  const content = resolve(operation.requestBody).content as Record<string, Json> | undefined;
  return content && Object.values(content)[0]?.schema;
}

function propertyNames(schema: unknown, resolve: (value: unknown) => Json): Set<string> | null {
  const { properties, allOf, anyOf, oneOf } = resolve(schema);
  const parts = [allOf, anyOf, oneOf].flatMap((list) => (list ?? []) as unknown[]);
  const inParts = parts.flatMap((part) => [...(propertyNames(part, resolve) ?? [])]);
  const names = [...Object.keys(properties ?? {}), ...inParts];
  return names.length > 0 ? new Set(names) : null;
}

function bodyErrors(ajv: Ajv, schema: unknown, json: unknown): string[] {
  const validate = compile(ajv, JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/'));
  if (!validate || validate(json)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Null where the document has something that is no JSON Schema, such as `nullable` without a type. */
function compile(ajv: Ajv, schema: string): ValidateFunction | null {
  try {
    return ajv.compile(JSON.parse(schema));
  } catch {
    return null;
  }
}

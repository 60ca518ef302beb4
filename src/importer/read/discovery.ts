import type { JsonObject } from "#core/json-object.js";
import { asObject, asTexts, isObject } from "#core/json-object.js";

/**
 * A Google discovery document as OpenAPI 3.1.
 *
 * @see https://developers.google.com/discovery/v1/reference/apis
 */
export function discoveryToOpenApi(document: JsonObject): JsonObject {
  const oauth = asObject(asObject(document.auth).oauth2);
  const shared = Object.entries(asObject(document.parameters)).map(([name, it]) => toParameter(name, it));
  const paths: Record<string, JsonObject> = {};
  for (const method of methodsOf(document)) {
    const path = `/${String(method.path ?? method.flatPath ?? "")}`;
    const verb = String(method.httpMethod ?? "GET").toLowerCase();
    paths[path] = { ...paths[path], [verb]: toOperation(method, shared) };
  }
  return {
    openapi: "3.1.1",
    info: { title: document.title, description: document.description, version: document.version },
    servers: [{ url: `${document.rootUrl ?? ""}${document.servicePath ?? ""}` }],
    paths,
    components: {
      schemas: rewritten(document.schemas ?? {}),
      securitySchemes: {
        google: {
          type: "oauth2",
          flows: {
            authorizationCode: {
              authorizationUrl: "https://accounts.google.com/o/oauth2/v2/auth",
              tokenUrl: "https://oauth2.googleapis.com/token",
              scopes: asObject(oauth.scopes),
            },
          },
        },
      },
    },
  };
}

/** Of all resources, which may lie within each other. */
function methodsOf(node: JsonObject): JsonObject[] {
  return [
    ...Object.values(asObject(node.methods)).filter(isObject),
    ...Object.values(asObject(node.resources)).filter(isObject).flatMap(methodsOf),
  ];
}

function toOperation(method: JsonObject, shared: JsonObject[]): JsonObject {
  const own = Object.entries(asObject(method.parameters)).map(([name, it]) => toParameter(name, it));
  const scopes = asTexts(method.scopes);
  return {
    operationId: method.id,
    description: method.description,
    tags: [
      String(method.id ?? "")
        .split(".")
        .at(-2) ?? "",
    ],
    parameters: [...own, ...shared],
    ...(method.request === undefined
      ? {}
      : { requestBody: { content: { "application/json": { schema: rewritten(method.request) } } } }),
    responses: {
      200: { description: "", content: { "application/json": { schema: rewritten(method.response ?? {}) } } },
    },
    // Any of them is enough.
    security: scopes.map((scope) => ({ google: [scope] })),
  };
}

function toParameter(name: string, value: unknown): JsonObject {
  const { location, required, repeated, description, ...schema } = asObject(rewritten(value));
  return {
    name,
    in: location,
    description,
    required: required === true,
    schema: repeated === true ? { type: "array", items: schema } : schema,
  };
}

/** References are names of schemas there, and `required` of a property is a flag of methods that need it. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === "$ref" && typeof inner === "string"
        ? [key, `#/components/schemas/${inner}`]
        : [key, rewritten(inner)],
    ),
  );
}

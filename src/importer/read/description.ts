import { upgrade } from "@scalar/openapi-upgrader";
import type { JsonObject } from "#core/json-object.js";
import { asObject, isObject } from "#core/json-object.js";
import { discoveryToOpenApi } from "#importer/read/discovery.js";
import type { Documents } from "#importer/read/documents.js";
import { unusable } from "#importer/read/parse.js";
import { createReferences } from "#importer/read/references.js";
import type { DescriptionKind } from "#importer/report.js";

/** A description in its newest form. */
export interface ReadDescription {
  kind: DescriptionKind;
  /** OpenAPI 3.1. */
  document: JsonObject;
}

/**
 * Gives the description of an API as OpenAPI 3.1.
 *
 * @param value OpenAPI 3.0 or 3.1, Swagger 2, or a Google discovery document
 * @throws SkillettError `bad_request` for anything else
 * @see OpenAPI Specification 3.1, https://developers.google.com/discovery
 */
export function toOpenApi(value: unknown, documents: Documents): ReadDescription {
  if (!isObject(value)) throw unusable("is no object");
  if (value.kind === "discovery#restDescription") {
    return { kind: "discovery", document: discoveryToOpenApi(value) };
  }
  const version = String(value.openapi ?? value.swagger ?? "");
  if (!/^(3\.\d|2(\.0)?$)/.test(version)) {
    throw unusable(
      "is neither OpenAPI 3, nor Swagger 2, nor a Google discovery document, nor a GraphQL schema",
    );
  }
  if (!isObject(value.paths)) throw unusable("has no paths");
  const kind = value.openapi === undefined ? "swagger" : "openapi";
  const whole = { ...value, paths: withItems(value, documents) };
  // A version without quotes is a number in YAML.
  return { kind, document: upgraded(kind === "swagger" ? { ...whole, swagger: "2.0" } : whole) };
}

/** The paths with what they refer to in their place, since only operations that are there are upgraded. */
function withItems(value: JsonObject, documents: Documents): JsonObject {
  const references = createReferences(value, documents);
  const items = Object.entries(asObject(value.paths)).map(([path, item]) => [path, references.follow(item)]);
  return Object.fromEntries(items);
}

/** Libraries stumble over what no specification allows. */
function upgraded(value: JsonObject): JsonObject {
  try {
    return asObject(upgrade(value, "3.1"));
  } catch (error) {
    throw unusable(`does not keep to its specification: ${(error as Error).message.slice(0, 200)}`);
  }
}

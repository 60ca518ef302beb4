import type { Endpoint } from "#catalog/integration.js";
import { FileFacts } from "#catalog/pieces.js";
import type { ParamSchema } from "#catalog/schema.js";
import { takesFiles } from "#core/file-handle.js";
import { exampleOf } from "#importer/write/example-params.js";
import { requiredFields } from "#importer/write/fits.js";

/** Numbers from 0 to 1, the same for each seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const handle = "file_generated";

/** For tests: the file that stands for every handle among generated params. */
export function generatedFiles({ placements }: Endpoint): Map<string, FileFacts> {
  const accept = Object.values(placements).flatMap(({ file }) => file?.accept ?? []);
  const mediaType = accept[0]?.replace("/*", "/plain") ?? "text/plain";
  return new Map([
    [handle, new FileFacts({ id: handle, name: "a.txt", mediaType, size: 5, sha256: "0".repeat(64) })],
  ]);
}

/** For tests: params of an endpoint, made of its schema; the required ones alone, or all. */
export function generateParams({ params }: Endpoint, which: "required" | "all", random: () => number) {
  const names = Object.keys(params.properties).filter(
    (name) => which === "all" || params.required.includes(name),
  );
  return Object.fromEntries(names.map((name) => [name, generate(name, params.properties[name]!, random, 0)]));
}

function generate(name: string, schema: ParamSchema, random: () => number, depth: number): unknown {
  if (takesFiles(schema)) return schema.format === undefined ? [handle] : handle;
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!;
  if (schema.enum) return pick(schema.enum);
  if (Array.isArray(schema.anyOf)) {
    const { anyOf, ...own } = schema;
    return generate(name, { ...own, ...pick(anyOf as ParamSchema[]) } as ParamSchema, random, depth);
  }
  const type = pick([schema.type ?? "string"].flat());
  if (type === "object") return generateObject(schema, random, depth);
  if (type !== "array") return exampleOf(name, { ...schema, type });
  const min = Number(schema.minItems ?? 0);
  const length =
    depth > 4 ? min : Math.max(min, Math.min(Number(schema.maxItems ?? 2), Math.ceil(random() * 2)));
  return Array.from({ length }, () => generate(name, schema.items ?? {}, random, depth + 1));
}

function generateObject(schema: ParamSchema, random: () => number, depth: number): Record<string, unknown> {
  const { properties = {}, minProperties, maxProperties } = schema;
  const required = requiredFields(schema);
  const isBound = minProperties !== undefined || maxProperties !== undefined;
  const names = Object.keys(properties).filter(
    (name) => required.includes(name) || isBound || (depth < 4 && random() < 0.5),
  );
  return Object.fromEntries(
    names.map((name) => [name, generate(name, properties[name]!, random, depth + 1)]),
  );
}

import { reservedParams } from "#catalog/load/endpoint-rules.js";
import type { ParamSchema } from "#catalog/schema.js";
import { asTexts } from "#core/json-object.js";
import type { ParamYaml } from "#importer/write/front-matter.js";

/** Collects the params of one operation under names of their own. */
export interface Naming {
  params: Record<string, ParamYaml>;
  /** A name that is free, as near to the service's as may be. */
  nameFor(original: string, place: string): string;
}

/** A name of a param as near to the service's as may be: letters, digits and underscores, and none that is reserved. */
export function paramName(original: string): string {
  const plain = original
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
  const named = /^[A-Za-z]/.test(plain) ? plain : `param_${plain}`;
  return reservedParams.includes(named) || named in {} ? `${named}_param` : named;
}

export function createNaming(): Naming {
  const params: Record<string, ParamYaml> = {};
  return {
    params,
    nameFor(original, place) {
      const base = paramName(original);
      const candidates = [base, `${base}_in_${place}`];
      const free = candidates.find((name) => !Object.hasOwn(params, name));
      for (let number = 2; free === undefined; number++) {
        if (!Object.hasOwn(params, `${base}_${number}`)) return `${base}_${number}`;
      }
      return free;
    },
  };
}

/** Of an object, the keyword has the names of its required fields, unless these say it themselves. */
export function asRequired({ required, ...schema }: ParamSchema): ParamSchema & { required: true } {
  const names = asTexts(required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [
    name,
    names.includes(name) ? asRequired(field) : field,
  ]);
  return {
    ...schema,
    ...(names.length > 0 ? { properties: Object.fromEntries(fields) } : {}),
    required: true,
  };
}

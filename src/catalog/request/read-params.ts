import { refusal } from "#catalog/request/plan.js";
import type { Values } from "#catalog/request/values.js";
import type { ParamsSchema } from "#catalog/schema.js";
import { meant } from "#core/lenient.js";
import type { Check } from "#core/schema-check.js";

/** The params of a call to a composite, with its defaults. Throws `bad_request` with everything that is wrong with them. */
export type ParamReader = (given: unknown) => Values;

export function createParamReader(schema: ParamsSchema, check: Check): ParamReader {
  const defaults = Object.entries(schema.properties).filter(([, param]) => "default" in param);
  const usual = Object.fromEntries(defaults.map(([name, param]) => [name, param.default]));
  return (given = {}) => {
    const params = meant(schema, given);
    const issues = check(params);
    if (issues.length > 0) throw refusal(issues);
    return { ...usual, ...(params as Values) };
  };
}

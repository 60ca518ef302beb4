import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import type { EndpointFacts } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { guardValue, maxGuardLength, type RepeatGuard } from "#catalog/repeat-guard.js";
import type { Check, SchemaIssue } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

export function toRepeatGuard(yaml: EndpointFrontMatter["idempotency"]): RepeatGuard | null | undefined {
  if (yaml === false) return null;
  if (yaml === undefined || "header" in yaml) return yaml;
  const { param, form = "hex", length = Math.min(32, maxGuardLength[form]), replays = false } = yaml;
  return { param, form, length: form === "uuid" ? maxGuardLength.uuid : length, replays };
}

/** A param that is to be filled in must be left out by callers at times, and take such a value. */
export function checkRepeatGuard(
  { repeatGuard: guard, effect, params }: EndpointFacts,
  source: Source,
): void {
  if (!guard || !("param" in guard)) return;
  const report = (key: string, message: string) => source.report(["idempotency", key], message);
  const { param, form, length } = guard;
  if (effect === "read") report("param", "is for endpoints that change something");
  if (length > maxGuardLength[form]) report("length", `is at most ${maxGuardLength[form]} for ${form}`);
  const schema = Object.hasOwn(params.properties, param) ? params.properties[param]! : null;
  if (!schema) {
    report("param", `${param} is not in params.${didYouMean(param, Object.keys(params.properties))}`);
    return;
  }
  if (params.required.includes(param)) report("param", `${param} is required, so it is never filled in`);
  if (![schema.type].flat().includes("string")) report("param", `${param} is no string`);
}

/** The param takes such a value. Compiles its schema, which is done for an example too. */
export function guardIssues(
  { repeatGuard: guard, params }: EndpointFacts,
  compile: (schema: object) => Check,
): SchemaIssue[] {
  if (!guard || !("param" in guard)) return [];
  const issues = compile(params.properties[guard.param] ?? {})(guardValue(guard, ""));
  return issues.map(({ message }) => ({
    path: ["idempotency", "param"],
    message: `${guard.param} does not take such a value: ${message}`,
  }));
}

import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import type { Consequences, EndpointFacts } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { placeholders } from "#catalog/template.js";
import { didYouMean } from "#core/suggest.js";

/** The consequences, as far as a file says them. */
type Said = Pick<EndpointFrontMatter, "irreversible" | "target" | "untrusted" | "reaches">;

/** As the file says, or else what is least and, for what changes something, worst. */
export function consequencesOf(matter: Said & Pick<EndpointFrontMatter, "effect">): Consequences {
  return {
    irreversible: matter.irreversible ?? false,
    target: matter.target ?? null,
    untrusted: matter.untrusted ?? [],
    reaches: matter.reaches ?? (matter.effect === "read" ? "self" : "outsiders"),
  };
}

/** The rules of consequences beyond their shape. */
export function checkConsequences(
  { effect, params, target }: EndpointFacts,
  matter: Said,
  source: Source,
): void {
  if (effect === "read" && matter.irreversible) source.report(["irreversible"], "a read changes nothing");
  if (effect === "read" && matter.reaches !== undefined && matter.reaches !== "self")
    source.report(["reaches"], "a read is noticed by nobody");
  if (target === null) return;
  const known = Object.keys(params.properties);
  const named = placeholders(target);
  if (named.length === 0) source.report(["target"], "names no param: write {param}");
  for (const name of named.filter((it) => !known.includes(it)))
    source.report(["target"], `{${name}} is not in params.${didYouMean(name, known)}`);
}

import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import type { Consequences, Endpoint, EndpointFacts } from "#catalog/integration.js";
import type { Source } from "#catalog/source.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import { beginningOf } from "#core/characters.js";
import { didYouMean } from "#core/suggest.js";

/** As the file says, or else what is least and, for what changes something, worst. */
export function consequencesOf(matter: EndpointFrontMatter): Consequences {
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
  matter: EndpointFrontMatter,
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

/** Of a target; a list of hundreds is told by its beginning. */
const maxTarget = 200;

/** The thing that a call with these params acts on; null when the file does not say, or a param is missing. */
export function targetOf({ target, params }: Endpoint, given: unknown): string | null {
  if (target === null) return null;
  const values = Object(given ?? {}) as Record<string, unknown>;
  const texts = new Map(
    placeholders(target).map((name) => [
      name,
      textOf(ownValue(values, name) ?? params.properties[name]!.default),
    ]),
  );
  if ([...texts.values()].includes(null)) return null;
  return beginningOf(printable(fillTemplate(target, (name) => texts.get(name)!)), maxTarget);
}

/** Not every database takes control characters and halves of characters, and no terminal should. */
const printable = (text: string) => text.toWellFormed().replace(/\p{Cc}/gu, "\uFFFD");

const ownValue = (values: Record<string, unknown>, name: string) =>
  Object.hasOwn(values, name) ? values[name] : undefined;

function textOf(value: unknown): string | null {
  const items = [value].flat();
  const isText = items.every((item) => ["string", "number", "boolean"].includes(typeof item));
  return isText && items.length > 0 ? items.join(", ") : null;
}

import type { Endpoint } from "#catalog/integration.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import { beginningOf } from "#core/characters.js";

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

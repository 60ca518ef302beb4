import type { ViewFieldYaml, ViewYaml } from "#catalog/front-matter.js";
import type { Source } from "#catalog/load/source.js";
import { decodedFields, type View } from "#catalog/view.js";
import type { Path } from "#core/schema-check.js";

/** A path alone is a field with nothing but that. */
export function toView(view: ViewYaml): View {
  return Object.fromEntries(
    Object.entries(view).map(([name, field]) => {
      const { from, each, as, fields, join, flatten } = asObject(field);
      return [
        name,
        {
          from: from ?? null,
          each: each ?? null,
          as: as ?? null,
          fields: fields ? toView(fields) : null,
          join: join ?? null,
          flatten: flatten ?? false,
        },
      ];
    }),
  );
}

/** Reports parts of a field that can have no effect together. */
export function checkView(view: ViewYaml, path: Path, source: Source): void {
  for (const [name, given] of Object.entries(view)) {
    const { from, as, fields, join, flatten } = asObject(given);
    const report = (keyword: string, message: string) => source.report([...path, name, keyword], message);
    const givesObject = as !== undefined && decodedFields[as] !== undefined;
    if (from === undefined && as === undefined && fields === undefined) {
      source.report([...path, name], "says where its value is: from, as or fields");
    }
    if (as !== undefined && fields && !givesObject)
      report("fields", `${as} gives a text, which has no fields`);
    if (join !== undefined && (fields || givesObject)) report("join", "is for a list of texts or numbers");
    if (flatten && !fields && !givesObject) report("flatten", "is for an object: of fields, or as mime_tree");
    if (fields) checkView(fields, [...path, name, "fields"], source);
  }
}

const asObject = (field: ViewFieldYaml) => (typeof field === "string" ? { from: field } : field);

import type { ParamSchema } from "#catalog/schema.js";
import { takesFiles } from "#core/file-handle.js";
import type { Note } from "#importer/report.js";
import { exampleOf } from "#importer/write/example-params.js";
import { fits } from "#importer/write/fits.js";
import type { ParamYaml } from "#importer/write/front-matter.js";

/** Keywords that are not about the value, and its type. */
const kept = "type description required in as segments array style encode encoding media_type".split(" ");

/** Params whose schemas no value is known for take any value of their type: some descriptions contradict themselves. */
export function withExamples(
  params: Readonly<Record<string, ParamYaml>>,
  note: Note,
): Record<string, ParamYaml> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => {
      if (takesFiles(param) || fits(exampleOf(name, param), param)) return [name, param];
      note("rules of params that no value is known for: any value of their type is taken");
      return [name, loosened(param)];
    }),
  );
}

function loosened(param: ParamYaml): ParamYaml {
  const own = Object.entries(param).filter(([keyword]) => kept.includes(keyword));
  const loose = Object.fromEntries(own) as ParamYaml;
  const { type } = param.items ?? {};
  const items: ParamSchema = type === undefined ? {} : { type };
  const required = Array.isArray(param.required) ? undefined : param.required;
  return { ...loose, ...(required === undefined ? {} : { required }), ...(param.items ? { items } : {}) };
}

import { badRequest } from "#core/errors.js";

/** No form of ours has more than ten. */
const maxFields = 1000;

/**
 * The fields of a form. A field that stands there twice is a list: each route refuses that in its own words.
 *
 * @throws bad_request for more than `maxFields`, counted before anything is taken apart
 * @see URL Living Standard §5.1 (application/x-www-form-urlencoded parsing)
 */
export function parseFormBody(text: string): Record<string, string | string[]> {
  if (countFields(text) > maxFields) {
    throw badRequest([{ at: "body", message: `has more than ${maxFields} fields` }]);
  }
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields.get(name);
    if (Array.isArray(before)) before.push(value);
    else fields.set(name, before === undefined ? value : [before, value]);
  }
  return Object.fromEntries(fields);
}

function countFields(text: string): number {
  let count = 1;
  for (let at = text.indexOf("&"); at >= 0 && count <= maxFields; at = text.indexOf("&", at + 1)) count += 1;
  return count;
}

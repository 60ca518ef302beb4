import { exactNumber, parseAnswer } from "#core/answer-json.js";
import { eachItem, findMember, isDeeperThan } from "#core/json-text.js";

/**
 * The JSON at a dotted path of JSON; undefined when there is none. Through a list, a step is a number (`emails.0`), or
 * names the element to take by one of its fields (`items.primary=true`). Only what the path leads to is looked at, so that
 * a value of megabytes costs little.
 *
 * @param json without white space between tokens
 */
export function jsonAt(json: string, path: string): string | undefined {
  let found: string | undefined = json;
  for (const step of path.split(".")) {
    if (found?.startsWith("{")) found = memberOf(found, step);
    else if (found?.startsWith("[")) found = elementOf(found, step);
    else return undefined;
  }
  return found;
}

function memberOf(json: string, name: string): string | undefined {
  const place = findMember(json, name);
  return place && json.slice(place.from, place.to);
}

function elementOf(json: string, step: string): string | undefined {
  const [field = "", ...rest] = step.split("=");
  const isNumber = rest.length === 0;
  return jsonItems(json).find((item, at) =>
    isNumber ? String(at) === step : isScalarText(jsonAt(item, field), rest.join("=")),
  );
}

const isScalarText = (json: string | undefined, text: string) =>
  json !== undefined && !/^[[{]/.test(json) && String(JSON.parse(json)) === text;

/** The items of a list. */
export function jsonItems(json: string): string[] {
  const items: string[] = [];
  eachItem(json, { from: 0, to: json.length }, ({ from, to }) => void items.push(json.slice(from, to)));
  return items;
}

/** Lists and objects within each other beyond this are not read, since that takes stack. */
const maxDepth = 500;

/** The value of JSON. A number that JavaScript would not keep is a text of its digits. Undefined for what is too deep. */
export function exactValue(json: string): unknown {
  if (isDeeperThan(json, maxDepth)) return undefined;
  // Reading numbers by their digits takes ten times as long.
  if (!/\d{15}/.test(json)) return JSON.parse(json);
  return parseAnswer(json, exactNumber);
}

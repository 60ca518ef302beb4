import type { BodyMatch } from "#catalog/integration.js";

/** What stands at a dotted path (`user.login`, `emails.0`) of a JSON body; undefined when nothing does. */
export function readPath(body: unknown, path: string): unknown {
  let value = body;
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Does every listed field of a JSON body have one of its listed values? */
export function matches(body: unknown, match: BodyMatch): boolean {
  return Object.entries(match).every(([path, values]) =>
    (values as unknown[]).includes(readPath(body, path)),
  );
}

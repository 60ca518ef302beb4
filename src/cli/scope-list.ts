import { UsageError } from "#cli/failure.js";

/** `repo, gist` as a list; undefined when the option is not there. */
export function scopeList(text: string | undefined, example: string): string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0)
    throw new UsageError(`--scopes wants at least one scope, such as --scopes ${example}.`);
  return names;
}

import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "#cli/terminal/failure.js";

export interface Profiled {
  profile?: string;
}

export function profiled(command: Command): Command {
  return command.option("--profile <name>", "server and key to use, from the config file");
}

/** The values of an option that is given several times. */
export const collect = (text: string, before: string[] = []) => [...before, text];

/** Help text with command lines to copy. */
export function examples(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  ${command}`).join("\n")}`;
}

export function integer(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

const unitDays: Record<string, number> = { d: 1, w: 7, y: 365 };
const maxDays = 36_500;

/** `90d`, `12w` or `1y`, in days. */
export function days(text: string): number {
  const [, count = "", unit = ""] = /^(\d+)([dwy])$/.exec(text) ?? [];
  const value = Number(count) * (unitDays[unit] ?? 0);
  if (value >= 1 && value <= maxDays) return value;
  throw new InvalidArgumentError("It must be a number of days, weeks or years, such as 90d, 12w or 1y.");
}

/** `30d`, `12w`, `1y` from `now` (ms since the epoch), or a time of its own, as ISO 8601. */
export function expiry(now: number) {
  return (text: string): string => {
    const end = /^\d+[dwy]$/.test(text) ? now + days(text) * 86_400_000 : timeOf(text);
    if (end > now && end <= now + maxDays * 86_400_000) return new Date(end).toISOString();
    throw new InvalidArgumentError(
      "It must be a time to come, such as 30d, 12w, 1y, 2027-01-31 or 2027-01-31T12:00:00Z.",
    );
  };
}

/** NaN unless it is ISO 8601: other forms mean another day elsewhere. */
function timeOf(text: string): number {
  return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}

/** `repo, gist` as a list; undefined when the option is not there. */
export function scopeList(text: string | undefined, example: string): string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 0)
    throw new UsageError(`--scopes wants at least one scope, such as --scopes ${example}.`);
  return names;
}

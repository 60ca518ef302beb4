import { type Command, InvalidArgumentError } from "commander";

export interface Profiled {
  profile?: string;
}

export function profiled(command: Command): Command {
  return command.option("--profile <name>", "server and key to use, from the config file");
}

/** Help text with command lines to copy. */
export function examples(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  ${command}`).join("\n")}`;
}

export function integer(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

const unitDays: Record<string, number> = { d: 1, w: 7, y: 365 };
const mostDays = 36_500;

/** `90d`, `12w` or `1y`, in days. */
export function days(text: string): number {
  const [, count = "", unit = ""] = /^(\d+)([dwy])$/.exec(text) ?? [];
  const value = Number(count) * (unitDays[unit] ?? 0);
  if (value >= 1 && value <= mostDays) return value;
  throw new InvalidArgumentError("It must be a number of days, weeks or years, such as 90d, 12w or 1y.");
}

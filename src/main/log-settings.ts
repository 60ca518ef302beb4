import { dayMs } from "#core/clock.js";

type Env = Record<string, string | undefined>;

/** A whole year, and a month to look back at it. */
const defaultDays = 400;
/** An `Idempotency-Key` is remembered for a day, and has to find its call as long as that. */
const minDays = 2;
const maxDays = 36_500;

export interface LogSettings {
  /** How long calls stay in the log; `null` is for ever. */
  callsRetentionMs: number | null;
  /** Lowest level of messages that the server writes to stderr. */
  logLevel: string;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export function readLogSettings(env: Env, problems: string[]): LogSettings {
  return { callsRetentionMs: readRetention(env, problems), logLevel: readLogLevel(env, problems) };
}

/** `SKILLETT_CALLS_RETENTION`, such as `90d`: how long calls stay in the log, in ms; `null` is for ever. */
function readRetention(env: Env, problems: string[]): number | null {
  const text = env.SKILLETT_CALLS_RETENTION?.trim();
  if (!text) return defaultDays * dayMs;
  if (text === "forever") return null;
  const days = Number(/^(\d{1,5})d$/.exec(text)?.[1]);
  if (days >= minDays && days <= maxDays) return days * dayMs;
  problems.push(
    `SKILLETT_CALLS_RETENTION must be a number of days from ${minDays}d to ${maxDays}d, such as 90d, or forever.`,
  );
  return null;
}

function readLogLevel(env: Env, problems: string[]): string {
  const text = env.SKILLETT_LOG_LEVEL?.trim();
  if (!text) return "warn";
  if (!logLevels.includes(text)) problems.push(`SKILLETT_LOG_LEVEL must be one of ${logLevels.join(", ")}.`);
  return text;
}

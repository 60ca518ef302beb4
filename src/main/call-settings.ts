type Read = <T>(name: string, parse: (text: string) => T | undefined, hint: string) => T | undefined;

/** How long things may take. */
export interface CallSettings {
  /** Longest silence of a service. */
  upstreamTimeoutMs: number;
  /** Longest time for one exchange with a service, and for its answer to reach the client. */
  callTimeoutMs: number;
  /** Longest time that calls may go on once the server has begun to stop. */
  drainMs: number;
}

const maxSeconds = 600;

export function readCallSettings(read: Read): CallSettings {
  const hint = `must be a number of seconds from 1 to ${maxSeconds}.`;
  const silence = read("SKILLETT_UPSTREAM_TIMEOUT_SECONDS", seconds, hint) ?? 30;
  const call = read("SKILLETT_CALL_TIMEOUT_SECONDS", seconds, hint) ?? Math.min(maxSeconds, 10 * silence);
  const drain = read("SKILLETT_DRAIN_SECONDS", seconds, hint) ?? 25;
  return { upstreamTimeoutMs: silence * 1000, callTimeoutMs: call * 1000, drainMs: drain * 1000 };
}

function seconds(text: string): number | undefined {
  const value = Number(text);
  return value >= 1 && value <= maxSeconds ? value : undefined;
}

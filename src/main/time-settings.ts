export interface TimeSettings {
  /** Longest silence of a service. */
  upstreamTimeoutMs: number;
  /** Longest time for one exchange with a service, and for its answer to reach the client. */
  callTimeoutMs: number;
  /** How long calls may go on once the server is told to stop. */
  drainMs: number;
}

const longestSeconds = 600;

/** How long calls may take, as the operator sets it in seconds. */
export function readTimes(env: Record<string, string | undefined>, problems: string[]): TimeSettings {
  const read = (name: string, otherwise: number): number => {
    const text = env[name]?.trim();
    if (!text) return otherwise;
    const seconds = Number(text);
    if (seconds >= 1 && seconds <= longestSeconds) return seconds;
    problems.push(`${name} must be a number of seconds from 1 to ${longestSeconds}.`);
    return otherwise;
  };
  const silence = read("SKILLETT_UPSTREAM_TIMEOUT_SECONDS", 30);
  return {
    upstreamTimeoutMs: silence * 1000,
    callTimeoutMs: read("SKILLETT_CALL_TIMEOUT_SECONDS", Math.min(longestSeconds, 10 * silence)) * 1000,
    drainMs: read("SKILLETT_DRAIN_SECONDS", 25) * 1000,
  };
}

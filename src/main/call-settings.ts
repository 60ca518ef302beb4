type Read = <T>(name: string, parse: (text: string) => T | undefined, hint: string) => T | undefined;

/** How long things may take, and how large a file may be. */
export interface CallSettings {
  /** Longest silence of a service. */
  upstreamTimeoutMs: number;
  /** Longest time for one exchange with a service, and for its answer to reach the client. */
  callTimeoutMs: number;
  /** Longest time that calls may go on once the server has begun to stop. */
  drainMs: number;
  /** Bytes that a file which is kept may have. */
  maxFileBytes: number;
}

const maxSeconds = 600;

export function readCallSettings(read: Read): CallSettings {
  const hint = `must be a number of seconds from 1 to ${maxSeconds}.`;
  const silence = read("SKILLETT_UPSTREAM_TIMEOUT_SECONDS", seconds, hint) ?? 30;
  const call = read("SKILLETT_CALL_TIMEOUT_SECONDS", seconds, hint) ?? Math.min(maxSeconds, 10 * silence);
  const drain = read("SKILLETT_DRAIN_SECONDS", seconds, hint) ?? 25;
  const file =
    read("SKILLETT_MAX_FILE_MB", mebibytes, `must be a whole number of MiB from 1 to ${maxMebibytes}.`) ?? 50;
  return {
    upstreamTimeoutMs: silence * 1000,
    callTimeoutMs: call * 1000,
    drainMs: drain * 1000,
    maxFileBytes: file * 1024 * 1024,
  };
}

const maxMebibytes = 1024;

function mebibytes(text: string): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= maxMebibytes ? value : undefined;
}

function seconds(text: string): number | undefined {
  const value = Number(text);
  return value >= 1 && value <= maxSeconds ? value : undefined;
}

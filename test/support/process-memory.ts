import { readFileSync, writeFileSync } from "node:fs";

/** Memory of a process on Linux, in MiB: `VmRSS` is now, `VmHWM` the most there has been. @see proc(5) */
export function memory(pid: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}

/** From here on, `VmHWM` is the most since now. @see proc(5), /proc/pid/clear_refs */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

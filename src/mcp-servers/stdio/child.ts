import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";
import { createLines } from "#mcp-servers/stdio/lines.js";

/** A process that speaks by lines. */
export interface Child {
  /** @throws NotWritten when it has ended, or does not read what it was sent before */
  write(line: string): void;
  /** Asks all of its processes to end, and ends them after a while. Resolves when that is done, also when called twice. */
  stop(): Promise<void>;
}

export interface ChildEvents {
  /** A line of its stdout, without the line feed. */
  onLine: (line: Buffer) => void;
  /** A line of its stderr, cut when it is long. */
  onComplaint: (line: string) => void;
  /** It has sent a line that is longer than any may be. */
  onTooLong: () => void;
  /** Once, when it has ended, in one sentence without a subject: `ended with exit code 1`. */
  onEnd: (how: string) => void;
}

/** Nothing of a line has been sent. */
export class NotWritten extends Error {}

const mebibyte = 1024 * 1024;
/** Bytes of one message. */
export const maxLineBytes = 8 * mebibyte;
/** Bytes that wait to be read by the process. */
const maxUnreadBytes = 8 * mebibyte;
const maxComplaintBytes = 2_000;
/** Between asking and ending. */
const graceMs = 5_000;
/** So long what was written before the end may still arrive. */
const afterwardsMs = 500;

/**
 * Starts a command without a shell, in a process group and a folder of its own, and in the environment that it is
 * given.
 *
 * @throws when it cannot be started
 */
export async function startChild(
  { command, args, inherited, env }: StdioCommand,
  events: ChildEvents,
): Promise<Child> {
  const directory = await mkdtemp(join(tmpdir(), "skillett-mcp-"));
  const removeDirectory = () => rm(directory, { recursive: true, force: true }).catch(() => {});
  try {
    const child = spawn(command, args, {
      cwd: directory,
      env: { ...inherited, ...env },
      stdio: "pipe",
      shell: false,
      detached: hasGroups,
      windowsHide: true,
    });
    const ended = endOf(child, events.onEnd).then(removeDirectory);
    listen(child, events);
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    return { write: (line) => write(child, line), stop: () => stop(child, ended) };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}

const hasGroups = process.platform !== "win32";

function listen(child: ChildProcessWithoutNullStreams, { onLine, onComplaint, onTooLong }: ChildEvents) {
  // The end of the process tells the writer.
  child.stdin.on("error", () => {});
  const lines = createLines({ maxBytes: maxLineBytes, onLine, onTooLong });
  child.stdout.on("data", lines.push).on("error", () => {});
  const toText = (line: Buffer) => onComplaint(line.toString());
  const complaints = createLines({ maxBytes: maxComplaintBytes, onLine: toText, onTooLong: toText });
  child.stderr.on("data", complaints.push).on("error", () => {});
}

function write({ stdin }: ChildProcessWithoutNullStreams, line: string): void {
  if (!stdin.writable) throw new NotWritten("The process has ended");
  if (stdin.writableLength > maxUnreadBytes)
    throw new NotWritten("The process does not read what it is sent");
  stdin.write(`${line}\n`);
}

/** Resolves when the process is gone, with all that it has left in its group. */
async function endOf(child: ChildProcessWithoutNullStreams, onEnd: (how: string) => void): Promise<void> {
  // Both may come in one turn.
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const how = await new Promise<string | null>((resolve) => {
    child.on("error", () => resolve(null));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
  });
  if (how === null) return;
  signalGroup(child, "SIGKILL");
  // A process that has left the group may hold on to the pipe for ever.
  const timer = setTimeout(() => child.stdout.destroy(), afterwardsMs);
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2 * afterwardsMs).unref())]);
  clearTimeout(timer);
  child.stderr.destroy();
  child.stdin.destroy();
  onEnd(how);
}

async function stop(child: ChildProcessWithoutNullStreams, ended: Promise<void>): Promise<void> {
  // The number of a group that is gone may be another's by now.
  if (child.exitCode !== null || child.signalCode !== null) return ended;
  child.stdin.end();
  signalGroup(child, "SIGTERM");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  try {
    if (hasGroups) process.kill(-child.pid!, signal);
    else child.kill(signal);
  } catch {
    // Nobody of the group is left.
  }
}

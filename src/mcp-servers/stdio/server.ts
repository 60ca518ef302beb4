import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { StdioCommand } from "#mcp-servers/stdio/command.js";
import { type Connection, connect, EndedEarly, type StdioTools } from "#mcp-servers/stdio/connection.js";

/** One server, of which there is one process while it is wanted. */
export interface StdioServer {
  /** Does something with the process, which is started when there is none, and is kept while anything is done. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** The next use gets another process; this one is stopped when nothing is done with it any more. */
  retire(connection: Connection): void;
  /** Stops the process, and starts none any more. */
  close(): Promise<void>;
}

interface Deps {
  command: StdioCommand;
  clock: Clock;
  /** So long a process is kept that nothing is done with. */
  idleMs: number;
  /** Longest time until the tools of a new process have been read. */
  startMs: number;
  onComplaint: (line: string) => void;
  onTools: (tools: StdioTools) => void;
}

interface Run {
  ending: AbortController;
  connecting: Promise<Connection>;
  /** Once there is one. */
  connection?: Connection;
  users: number;
  isOver: boolean;
}

/** So often within that time a server that ended by itself is started again. */
const maxRestarts = 5;
const restartsMs = 5 * 60_000;

export function createStdioServer(deps: Deps): StdioServer {
  const { command, clock, idleMs } = deps;
  const runs = new Set<Run>();
  let current: Run | undefined;
  let ends: number[] = [];
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  function refuseRestart(): void {
    ends = ends.filter((at) => at > clock() - restartsMs);
    if (ends.length <= maxRestarts) return;
    const wait = Math.ceil((ends[0]! + restartsMs - clock()) / 1000);
    throw new SkillettError("upstream_unreachable", {
      message: `${command.name} has ended ${ends.length} times within five minutes, and is not started again for now.`,
      retryAfterSeconds: Math.max(1, wait),
    });
  }

  function start(): Run {
    refuseRestart();
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(slowStart(command.name)), deps.startMs).unref();
    const connecting = connect(command, deps, ending.signal).catch((error) => {
      throw notStarted(command.name, ending.signal.aborted ? ending.signal.reason : error);
    });
    const run: Run = { ending, connecting, users: 0, isOver: false };
    runs.add(run);
    void watchEnd(run).finally(() => clearTimeout(timer));
    return run;
  }

  async function watchEnd(run: Run): Promise<void> {
    run.connection = await run.connecting.catch(() => undefined);
    void end(run, run.connection?.transport);
  }

  async function end(run: Run, transport: Connection["transport"] | undefined): Promise<void> {
    await transport?.ended();
    // A process that we have stopped has not ended by itself.
    if (!run.isOver) ends.push(clock());
    run.isOver = true;
    await transport?.close();
    runs.delete(run);
  }

  async function stop(run: Run): Promise<void> {
    run.isOver = true;
    run.ending.abort();
    const connection = await run.connecting.catch(() => undefined);
    await connection?.transport.close();
  }

  function release(run: Run): void {
    run.users -= 1;
    if (run.users > 0) return;
    if (run !== current) void stop(run);
    else {
      clearTimeout(idle);
      idle = setTimeout(() => {
        if (current === run && run.users === 0) void stop(run);
      }, idleMs).unref();
    }
  }

  return {
    async use(work) {
      if (isClosed) throw closing(command.name);
      if (!current || current.isOver) current = start();
      const run = current;
      run.users += 1;
      clearTimeout(idle);
      try {
        return await work(await run.connecting);
      } finally {
        release(run);
      }
    },
    retire(connection) {
      if (current?.connection === connection) current = undefined;
    },
    async close() {
      isClosed = true;
      clearTimeout(idle);
      await Promise.all([...runs].map(stop));
    },
  };
}

const slowStart = (name: string) =>
  new SkillettError("upstream_timeout", { message: `${name} did not start in time.` });

const unreachable = (message: string) => new SkillettError("upstream_unreachable", { message });

const closing = (name: string) =>
  new SkillettError("upstream_unreachable", { message: `${name} is being stopped, as is this server.` });

/** Its own words are left out, since they may repeat secrets of its environment. */
function notStarted(name: string, error: unknown): SkillettError {
  if (error instanceof SkillettError && error.code !== "bad_request") return error;
  const { code, syscall = "" } = (error ?? {}) as { code?: unknown; syscall?: string };
  if (syscall.startsWith("spawn")) return unreachable(`${name} cannot be started (${code}).`);
  if (error instanceof EndedEarly)
    return unreachable(`${name} ${error.message} before its tools were known.`);
  return unreachable(`${name} answered oddly when it was asked for its tools.`);
}

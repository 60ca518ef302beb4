import type { Piscina } from "piscina";
import { SkillettError } from "#core/errors.js";
import type { Job, RunJob } from "#core/job.js";
import { createLanes, createSlots } from "#workers/lanes.js";
import { pack, unpack } from "#workers/parcel.js";
import type { Order, Outcome } from "#workers/serve.js";

/** Threads for work that would hold up the event loop. None is started before there is a job for it. */
export interface WorkerPool {
  run: RunJob;
  /** Ends the threads, and with them the jobs under way. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Module whose default export is what `serveJobs` makes. */
  file: string;
  /** Options of Node for reading it. */
  execArgv?: string[];
  /** Made when a job has a thread; aborted, it ends that thread. */
  deadline?: () => AbortSignal;
  /** Of a thread, beside the bytes it works on. */
  heapMegabytes?: number;
}

/** A tenant has one job of a lane at a time, and so never all of them. */
const threads = 2;
const idleMs = 30_000;
/** The largest archive is read in a few seconds. */
const usualDeadline = () => AbortSignal.timeout(60_000);
const usualHeapMegabytes = 512;

export function createWorkerPool(options: PoolOptions): WorkerPool {
  const { file, execArgv = [], deadline = usualDeadline, heapMegabytes = usualHeapMegabytes } = options;
  const inLane = createLanes();
  const inSlot = createSlots(threads);
  let pool: Promise<Piscina<Order, Outcome>> | undefined;

  async function start(): Promise<Piscina<Order, Outcome>> {
    const { Piscina } = await import("piscina");
    return new Piscina({
      filename: file,
      execArgv,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: idleMs,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
  }

  async function runThere<In, Out>({ name }: Job<In, Out>, input: In): Promise<Out> {
    pool ??= start();
    const { data, transfer } = await pack(input);
    const onThreads = await pool;
    return inSlot(() => runNow<Out>(onThreads, { job: name, data }, transfer));
  }

  /** With a thread that is free: from here on the time counts. */
  async function runNow<Out>(
    onThreads: Piscina<Order, Outcome>,
    order: Order,
    transfer: ArrayBuffer[],
  ): Promise<Out> {
    const signal = deadline();
    const running = onThreads.run(order, { signal, transferList: transfer });
    const outcome = await running.catch((error: NodeJS.ErrnoException) => {
      throw signal.aborted || error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooMuch(error) : error;
    });
    if ("refused" in outcome) throw new SkillettError(outcome.refused.code, outcome.refused.details);
    return unpack(outcome.data) as Out;
  }

  return {
    run: (tenantId, job, load) =>
      inLane(tenantId, job.lane, async () => {
        const input = await load();
        return job.isSmall?.(input) ? job.run(input) : runThere(job, input);
      }),
    async close() {
      await (await pool)?.destroy();
    },
  };
}

function tooMuch(cause: Error): SkillettError {
  const message = "This was too much work for one request, and was given up. Try it with less at a time.";
  return new SkillettError("unavailable", { message, retryable: false, cause });
}

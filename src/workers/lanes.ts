import { SkillettError } from "#core/errors.js";
import type { Lane } from "#core/job.js";

type InLane = <T>(tenantId: string, lane: Lane, work: () => Promise<T>) => Promise<T>;

/** Of one tenant: one runs, the others wait. */
interface Queue {
  length: number;
  last: Promise<unknown>;
}

const retryAfterSeconds = 5;

/** Work of a tenant waits for earlier work in its lane, and never for that of other tenants. */
export function createLanes(): InLane {
  const queues = new Map<string, Queue>();
  return async (tenantId, lane, work) => {
    const key = `${lane.name} ${tenantId}`;
    const queue = queues.get(key) ?? { length: 0, last: Promise.resolve() };
    if (queue.length > lane.maxWaiting) throw tooMany(queue.length);
    queues.set(key, queue);
    queue.length += 1;
    const done = queue.last.then(work);
    queue.last = done.catch(() => {});
    try {
      return await done;
    } finally {
      queue.length -= 1;
      if (queue.length === 0) queues.delete(key);
    }
  };
}

/** So many jobs at once, of all tenants together; others wait in the order in which they came. */
export function createSlots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

function tooMany(length: number): SkillettError {
  const message = `${length} such requests of this tenant are under way already. Try again in a few seconds.`;
  return new SkillettError("unavailable", { message, retryAfterSeconds });
}

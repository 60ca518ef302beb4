import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createTurns } from "#store/engine/named-mutex.js";

/** Two numbers that name an advisory lock: a class of ours, so that other users of the server are not in the way. */
export type AdvisoryLock = readonly [classId: number, key: number];

const nodeClass = 0x5c11_0002;
const nameClass = 0x5c11_0003;
const connectTimeoutMs = 5_000;
/** Nothing that is asked here takes any time: a session that does not answer is broken. */
const answerTimeoutMs = 10_000;
/** Between two tries for a lock that somebody else holds. */
const retryMs = 25;
/** Between two tries to get back what a broken session held. */
const regainMs = 500;

/** The server notices within half a minute that a machine is gone, not after hours: its locks become free. */
const noticeTheGone = `select set_config('tcp_keepalives_idle', '15', false),
  set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`;

/** Held by a server process for as long as it lives. */
export const nodeLock = (nodeId: number): AdvisoryLock => [nodeClass, nodeId];
/** Names that share a number merely wait for each other. */
const namedLock = (name: string): AdvisoryLock => [
  nameClass,
  createHash("sha256").update(name).digest().readInt32BE(),
];

export interface PostgresLocks {
  /** @see Database.locked */
  locked<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Takes a lock and keeps it until the end. */
  keep(lock: AdvisoryLock): Promise<void>;
  close(): Promise<void>;
}

/**
 * Advisory locks of one session, apart from the pool: work under a lock needs the pool's connections, and
 * waiting work would have taken them all. Nothing ever waits inside the server, so one session serves any
 * number of waiters.
 *
 * A session that breaks lets go of all its locks. A new one is opened at once and takes them again; work under
 * way goes on meanwhile and ends by itself. So for a moment, as long as the server is away, somebody else may
 * hold the same lock: what must never happen twice is guarded by a comparison in the write as well.
 */
export function createPostgresLocks(url: string): PostgresLocks {
  const inTurn = createTurns();
  const held = new Set<AdvisoryLock>();
  /** Held here, but not by the session that is open now. */
  const lost = new Set<AdvisoryLock>();
  let regaining = false;
  let opening: Promise<pg.Client> | undefined;
  let current: pg.Client | undefined;
  let closed = false;

  function session(): Promise<pg.Client> {
    if (closed) return Promise.reject(new Error("the database has been closed"));
    opening ??= open().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function open(): Promise<pg.Client> {
    const client = await connect(url);
    current = client;
    client.once("end", () => lose(client));
    return client;
  }

  function lose(client: pg.Client): void {
    if (current !== client) return;
    current = undefined;
    opening = undefined;
    client.end().catch(() => {});
    for (const lock of held) lost.add(lock);
    if (!regaining) void regain();
  }

  /** Takes again what was lost and is still held here, for as long as it is. */
  async function regain(): Promise<void> {
    regaining = true;
    while (!closed && lost.size > 0) {
      for (const lock of [...lost]) await takeAgain(lock).catch(() => {});
      if (lost.size > 0) await sleep(regainMs, undefined, { ref: false });
    }
    regaining = false;
  }

  async function takeAgain(lock: AdvisoryLock): Promise<void> {
    const client = await session();
    if (!held.has(lock) || ((await tryLock(client, lock)) && client === current)) lost.delete(lock);
  }

  async function acquire(lock: AdvisoryLock): Promise<void> {
    let failed = false;
    for (;;) {
      const client = await session();
      try {
        const taken = await tryLock(client, lock);
        // Broken in this very moment, the lock is gone with it.
        if (taken && client === current) {
          held.add(lock);
          return;
        }
        failed = false;
      } catch (error) {
        lose(client);
        if (failed) throw error;
        failed = true;
        continue;
      }
      await sleep(retryMs);
    }
  }

  async function release(lock: AdvisoryLock): Promise<void> {
    held.delete(lock);
    lost.delete(lock);
    // A session that broke has let go of it already.
    await current?.query("select pg_advisory_unlock($1, $2)", [...lock]).catch(() => {});
  }

  return {
    locked: (name, work) =>
      // In turn first: within a session the server grants a lock as often as it is asked for.
      inTurn(name, async () => {
        const lock = namedLock(name);
        await acquire(lock);
        try {
          return await work();
        } finally {
          await release(lock);
        }
      }),
    keep: acquire,
    close: async () => {
      closed = true;
      const client = await opening?.catch(() => undefined);
      await client?.end();
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  // Pipelined: waiters ask without waiting for each other's answers.
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    pipeline: true,
  });
  // A broken session fails its queries, and says so with `end`; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query(noticeTheGone);
    return client;
  } catch (error) {
    client.end().catch(() => {});
    throw error;
  }
}

async function tryLock(client: pg.Client, lock: AdvisoryLock): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1, $2) as taken", [
    ...lock,
  ]);
  return rows[0]!.taken;
}

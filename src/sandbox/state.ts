import type { Clock } from "#core/clock.js";
import { Refusal } from "#sandbox/answer.js";
import { seed } from "#sandbox/seed.js";
import { type Kind, kinds, type Things } from "#sandbox/things.js";
import type { Database, Transaction } from "#store/engine/database.js";
import { createTurns } from "#store/engine/named-mutex.js";
import { createSandboxRows, holdSandbox, type SandboxRows } from "#store/sandbox-rows.js";

/** Bounds of what one tenant keeps in its sandbox. */
const maxRecords = 1_000;
const maxCharacters = 1_000_000;

/** The things of one tenant. */
export interface Records {
  /** In the order of making. */
  list<K extends Kind>(kind: K): Promise<Things[K][]>;
  find<K extends Kind>(kind: K, number: number): Promise<Things[K] | undefined>;
}

/** The things of one tenant while nobody else changes them. */
export interface Change extends Records {
  /** Adds what `make` gives for the next number of its kind. */
  add<K extends Kind>(kind: K, make: (number: number) => Things[K]): Promise<Things[K]>;
  put<K extends Kind>(kind: K, number: number, thing: Things[K]): Promise<void>;
  remove(kind: Kind, number: number): Promise<void>;
}

/** The sandboxes of all tenants. One that has never been used, or was reset, has what everybody begins with. */
export interface State {
  read<T>(tenantId: string, work: (records: Records) => Promise<T>): Promise<T>;
  /**
   * All of it or nothing, durable when it resolves, one at a time in a tenant.
   *
   * @throws Refusal when it would leave more than a sandbox has room for
   */
  change<T>(tenantId: string, work: (change: Change) => Promise<T>): Promise<T>;
  reset(tenantId: string): Promise<void>;
}

/** Last number given out, by kind. */
type Numbers = Partial<Record<Kind, number>>;

interface Deps {
  database: Database;
  clock: Clock;
}

export function createState({ database, clock }: Deps): State {
  const rows = createSandboxRows(database);
  const takeTurns = createTurns();
  /** In turn within this process, so that those who wait for a tenant take one connection to the database and not all. */
  const inTurn = <T>(tenantId: string, work: (held: Held) => Promise<T>) =>
    takeTurns(tenantId, () =>
      database.kysely.transaction().execute(async (transaction) => {
        const held = await hold(transaction, tenantId, clock());
        const result = await work(held);
        await held.rows.setNumbers(tenantId, JSON.stringify(held.numbers));
        return result;
      }),
    );

  return {
    async read(tenantId, work) {
      if (!(await rows.exists(tenantId))) await inTurn(tenantId, async () => {});
      return work(toRecords(rows, tenantId));
    },
    change: (tenantId, work) =>
      inTurn(tenantId, async (held) => {
        const result = await work(toChange(held, tenantId));
        await refuseFull(held, tenantId);
        return result;
      }),
    reset: (tenantId) =>
      inTurn(tenantId, async (held) => {
        await held.rows.deleteAll(tenantId);
        held.numbers = await fill(held.rows, tenantId, clock());
      }),
  };
}

interface Held {
  rows: SandboxRows;
  numbers: Numbers;
  grew: boolean;
}

async function hold(transaction: Transaction, tenantId: string, now: number): Promise<Held> {
  const rows = createSandboxRows({ kysely: transaction });
  const numbers: Numbers = JSON.parse(await holdSandbox(transaction, tenantId));
  const isNew = Object.keys(numbers).length === 0;
  return { rows, numbers: isNew ? await fill(rows, tenantId, now) : numbers, grew: false };
}

/** Puts in what every sandbox begins with. */
async function fill(rows: SandboxRows, tenantId: string, now: number): Promise<Numbers> {
  const things = seed(now);
  const numbers: Numbers = {};
  for (const kind of kinds) {
    const values = things[kind].map((thing) => JSON.stringify(thing));
    await rows.insert(values.map((value, i) => ({ tenant_id: tenantId, kind, number: i + 1, value })));
    numbers[kind] = values.length;
  }
  return numbers;
}

function toRecords(rows: SandboxRows, tenantId: string): Records {
  return {
    list: async (kind) => (await rows.list(tenantId, kind)).map(({ value }) => JSON.parse(value)),
    find: async (kind, number) => {
      const row = await rows.find({ tenant_id: tenantId, kind, number });
      return row && JSON.parse(row.value);
    },
  };
}

function toChange(held: Held, tenantId: string): Change {
  const { rows, numbers } = held;
  return {
    ...toRecords(rows, tenantId),
    add: async (kind, make) => {
      const number = (numbers[kind] ?? 0) + 1;
      const thing = make(number);
      numbers[kind] = number;
      held.grew = true;
      await rows.insert([{ tenant_id: tenantId, kind, number, value: JSON.stringify(thing) }]);
      return thing;
    },
    put: async (kind, number, thing) => {
      held.grew = true;
      await rows.update({ tenant_id: tenantId, kind, number, value: JSON.stringify(thing) });
    },
    remove: (kind, number) => rows.delete({ tenant_id: tenantId, kind, number }),
  };
}

async function refuseFull({ rows, grew }: Held, tenantId: string): Promise<void> {
  if (!grew) return;
  const { records, characters } = await rows.measure(tenantId);
  if (records <= maxRecords && characters <= maxCharacters) return;
  throw new Refusal(
    422,
    "sandbox_full",
    `The sandbox has room for ${maxRecords} things and ${maxCharacters} characters. Delete some, or reset it.`,
  );
}

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";
import { json } from "node:stream/consumers";
import LibSql from "libsql";
import pg from "pg";
import { expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine } from "#support/skillett.js";
import { createSite, type Site } from "./program.js";

/** kill -9 in the middle of everything: whatever reached a service has its row, whatever was answered too. */

const callers = 20;
const callsBeforeTheEnd = 400;

/** Answers every post and keeps what it was asked: the other side's own log. */
async function startWitness() {
  const seen = new Set<string>();
  const server = createServer(async (request, response) => {
    const reply = (body: object) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.method === "GET") return reply({ id: 1, name: "witness" });
    const { note } = (await json(request)) as { note: string };
    seen.add(note);
    reply({ note });
  });
  return { url: await listen(server), seen, close: () => closeServer(server) };
}

interface Row {
  key_hash: string;
  call_status: string | null;
}

/** Every Idempotency-Key of the database with the status of its call; null when the call has no row. */
const callOfEachKey = `select key_hash, skill_calls.status as call_status from idempotency_keys
  left join skill_calls on skill_calls.id = idempotency_keys.call_id`;

async function readRows({ databaseUrl, env }: Site): Promise<Map<string, string | null>> {
  const rows = databaseUrl
    ? await readPostgres(databaseUrl)
    : readSqlite(path.join(env.SKILLETT_DATA_DIR!, "skillett.db"));
  return new Map(rows.map(({ key_hash, call_status }) => [key_hash, call_status]));
}

async function readPostgres(url: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(callOfEachKey);
  await client.end();
  return rows;
}

function readSqlite(file: string): Row[] {
  const database = new LibSql(file);
  const rows = database.prepare(callOfEachKey).all() as Row[];
  database.close();
  return rows;
}

const hash = (note: string) => createHash("sha256").update(note).digest("hex");

onEachEngine("kill -9 under load", (engine) => {
  it("a server that is killed under load loses no row of calls that were sent or answered", async () => {
    const witness = await startWitness();
    const site = await createSite(engine, { SKILLETT_ODD_BASE_URL: witness.url });
    try {
      const server = await site.up();
      await site.call("POST", "/v1/connect", {
        integration: "odd",
        credentials: { token: "token-0123456789" },
      });
      const apiKey = await site.key();
      const answered = new Set<string>();
      const enough = new Promise<void>((resolve) => {
        const call = async (note: string) => {
          const { status } = await fetch(`${server.url}/v1/odd/post_path`, {
            method: "POST",
            headers: {
              authorization: `Bearer ${apiKey}`,
              "content-type": "application/json",
              "idempotency-key": note,
            },
            body: JSON.stringify({ params: { path: "witness", note } }),
          });
          if (status === 200) answered.add(note);
          if (answered.size === callsBeforeTheEnd) resolve();
        };
        for (let caller = 0; caller < callers; caller++) {
          // Until the server is gone.
          const work = async () => {
            for (let at = 0; ; at++) await call(`caller-${caller}-${at}`);
          };
          work().catch(() => {});
        }
      });
      await enough;
      const dead = once(server.child, "exit");
      process.kill(server.child.pid!, "SIGKILL");
      await dead;

      await site.up();
      const rows = await readRows(site);
      const statusOf = (notes: Iterable<string>) =>
        [...notes].map((note) => rows.get(hash(note)) ?? "MISSING");
      expect(answered.size).toBeGreaterThanOrEqual(callsBeforeTheEnd);
      expect(new Set(statusOf(witness.seen))).not.toContain("MISSING");
      expect(new Set(statusOf(answered))).not.toContain("MISSING");
      expect([...new Set(rows.values())].filter((status) => status !== null).sort()).toEqual(
        expect.arrayContaining(["completed"]),
      );
      expect([...rows.values()]).not.toContain("started");
      const { json } = await site.call("GET", "/v1/calls?status=started");
      expect(json.calls).toEqual([]);

      // What was cut off is explained to whoever asks again, and not sent twice.
      const cutOff = [...witness.seen].filter((note) => rows.get(hash(note)) === "interrupted");
      witness.seen.clear();
      for (const note of cutOff) {
        const body = { params: { path: "witness", note } };
        const again = await site.call("POST", "/v1/odd/post_path", body, { "idempotency-key": note });
        // Its answer may have been kept just before the end; else nobody knows it.
        if (again.status === 200) expect(again.json).toEqual({ status: 200, data: { note } });
        else
          expect(again).toMatchObject({
            status: 409,
            json: { message: expect.stringContaining("interrupted") },
          });
      }
      expect(witness.seen.size).toBe(0);
    } finally {
      await site.close();
      await witness.close();
    }
  });
});

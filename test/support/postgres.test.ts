import { Client } from "pg";
import { expect, test } from "vitest";
import { usePostgres } from "#support/postgres.js";

test.skipIf(!process.env.SKILLETT_TEST_DATABASE_URL)(
  "a test gets an empty database that is gone afterwards",
  async () => {
    const [one, other] = [await usePostgres(), await usePostgres()];
    expect(one?.url).not.toBe(other?.url);
    const client = new Client({ connectionString: one?.url });
    const cutOff = new Promise((resolve) => client.on("error", resolve));
    await client.connect();
    const tables = await client.query(
      "select 1 from information_schema.tables where table_schema = 'public'",
    );
    expect(tables.rowCount).toBe(0);
    await Promise.all([one?.drop(), other?.drop()]);
    await cutOff;
    await expect(new Client({ connectionString: one?.url }).connect()).rejects.toThrow(/does not exist/);
  },
);

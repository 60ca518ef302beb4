import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openDatabase } from "#store/engine/open.js";
import { migrate } from "#store/migrate.js";
import { createDatabase, type FreshDatabase } from "#support/postgres.js";

const run = promisify(execFile);
const script = fileURLToPath(new URL("./postgres.sh", import.meta.url));
const noPostgres = 69;

type Undo = () => Promise<unknown>;

/** One PostgreSQL for the whole run where there is one, with a migrated database in it that tests copy. */
export default async function setup(): Promise<Undo | undefined> {
  if (!existsSync(fileURLToPath(new URL("../../dist/skillett.js", import.meta.url)))) {
    throw new Error("The tests run the built program. Build it first: npm run build");
  }
  const stop = process.env.SKILLETT_TEST_DATABASE_URL ? async () => {} : await startPostgres();
  const server = process.env.SKILLETT_TEST_DATABASE_URL;
  if (!stop || !server) return undefined;
  try {
    const template = await createTemplate(server);
    return async () => {
      await template.drop();
      await stop();
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createTemplate(server: string): Promise<FreshDatabase> {
  const template = await createDatabase(server);
  const database = await openDatabase({ url: template.url, directory: tmpdir() });
  await migrate(database);
  await database.close();
  process.env.SKILLETT_TEST_TEMPLATE = new URL(template.url).pathname.slice(1);
  return template;
}

/** Undefined where none is installed, and says so. */
async function startPostgres(): Promise<Undo | undefined> {
  const directory = path.join(tmpdir(), `skillett-postgres-${randomUUID()}`);
  try {
    const { stdout } = await run(script, ["start", directory]);
    process.env.SKILLETT_TEST_DATABASE_URL = stdout.trim();
  } catch (error) {
    if ((error as { code?: number }).code !== noPostgres) throw error;
    process.stderr.write(
      "PostgreSQL tests are SKIPPED: none is installed, and SKILLETT_TEST_DATABASE_URL is not set.\n",
    );
    return undefined;
  }
  return () => run(script, ["stop", directory]);
}

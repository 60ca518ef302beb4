import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = fileURLToPath(new URL("./postgres.sh", import.meta.url));
const noPostgres = 69;

/** Starts a PostgreSQL for the whole run where one is installed, and says so when there is none. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!existsSync(fileURLToPath(new URL("../../dist/skillett.js", import.meta.url)))) {
    throw new Error("The tests run the built program. Build it first: npm run build");
  }
  if (process.env.SKILLETT_TEST_DATABASE_URL) return undefined;
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
  return async () => {
    await run(script, ["stop", directory]);
  };
}

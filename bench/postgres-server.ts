import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Cleanup } from "#support/cleanup.js";

const run = promisify(execFile);
const script = fileURLToPath(import.meta.resolve("../test/support/postgres.sh"));
/** Exit code of the script when no PostgreSQL is installed. */
const notInstalled = 69;

/** The server of `SKILLETT_TEST_DATABASE_URL`, else a private one in `directory`; undefined without either. */
export async function postgresServer(directory: string, cleanup: Cleanup): Promise<string | undefined> {
  if (process.env.SKILLETT_TEST_DATABASE_URL) return process.env.SKILLETT_TEST_DATABASE_URL;
  const starting = run(script, ["start", directory]);
  cleanup.add(() =>
    starting.then(
      () => run(script, ["stop", directory]),
      () => {},
    ),
  );
  try {
    return (await starting).stdout.trim();
  } catch (error) {
    if ((error as { code?: number }).code === notInstalled) return undefined;
    throw error;
  }
}

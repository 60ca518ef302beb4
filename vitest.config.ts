import { statfsSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { defineConfig } from "vitest/config";

/** These talk to databases: PostgreSQL is started for them where it is installed. */
const onEngines = ["src/store", "test/api", "test/flows", "test/mcp"].map((it) => `${it}/**/*.test.ts`);

/**
 * Temporary folders, and so databases, lie in memory where there is plenty: what a test writes is synchronised to a disk
 * for nothing, since no test outlives a loss of power. `TMPDIR` names another place, for instance a disk.
 */
if (hasRoom("/dev/shm")) process.env.TMPDIR ??= "/dev/shm";

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.min(bavail * bsize, freemem()) > 4 * 1024 ** 3;
  } catch {
    return false;
  }
}

export default defineConfig({
  test: {
    // Real servers and databases on small machines: slow is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than there are cores, since most tests wait now and then: for a database, a browser, a time-out.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: onEngines,
          isolate: false,
        },
      },
      { extends: "./web/vite.config.ts", test: { name: "web", include: ["web/src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "engines",
          include: onEngines,
          globalSetup: ["test/support/global-setup.ts"],
          // No file keeps state of its own (test/rules/house.test.ts), so all share what they import.
          isolate: false,
        },
      },
    ],
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Real servers and databases on small machines: slow is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/property-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores, and files that wait for processes and schedulers for much of their time.
    maxWorkers: 4,
  },
});

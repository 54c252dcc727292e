import { defineConfig } from 'vitest/config'

/** Tests that need a real server, many processes or a long time; and the unit suite once more, on the real server. */
export default defineConfig({
  test: {
    include: [
      'tests/integration/**/*.test.ts',
      'tests/chaos/**/*.test.ts',
      'tests/shared/adapters/postgres/**/*.test.ts',
      'tests/shared/runtime/**/*.test.ts',
      'tests/journeys/**/*.test.ts',
    ],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})

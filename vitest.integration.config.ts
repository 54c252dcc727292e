import { defineConfig } from 'vitest/config'

/** Tests that need real servers, many processes or a long time; and what the unit suite proves once more, on the real servers. */
export default defineConfig({
  test: {
    include: [
      'tests/integration/**/*.test.ts',
      'tests/browser/**/*.test.ts',
      'tests/chaos/**/*.test.ts',
      'tests/shared/adapters/{html,postgres,nats,s3}/**/*.test.ts',
      'tests/shared/runtime/**/*.test.ts',
      'tests/infra/function/**/*.test.ts',
      'tests/journeys/**/*.test.ts',
    ],
    globalSetup: ['tests/integration/report-parts.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})

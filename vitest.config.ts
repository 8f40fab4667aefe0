import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'ladder/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // By default one core is left to the main process, which on two cores means one file after the other.
    maxWorkers: '100%',
    // A test that ends without having asserted anything fails.
    expect: { requireAssertions: true },
  },
})

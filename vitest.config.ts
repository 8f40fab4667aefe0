import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'ladder/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // A test that ends without having asserted anything fails.
    expect: { requireAssertions: true },
  },
})

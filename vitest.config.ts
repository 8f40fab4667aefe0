import { defineConfig } from 'vitest/config'
import { HeavyFirst, TOGETHER } from './test/heavy-first.js'

/**
 * Tests beside the code and those that call the library: none of them leaves anything changed for the next. What sets the
 * environment, or opens models by the built program within its own process, has a process to itself.
 */
const ROOMS = [
  'src/**/*.test.ts',
  'test/{contract,coverage,docs,golden,house,logs,papers,salience}/**/*.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 300_000,
    globalSetup: ['test/temporary-folder.ts', 'test/program.ts'],
    sequence: { sequencer: HeavyFirst },
    // By default one core is left to the main process, which on two cores means one file after the other.
    maxWorkers: '100%',
    // The built program is imported as Node does it (test/cli/run-cli.ts).
    server: { deps: { external: [/\/dist\/cli\/bundle\//] } },
    // A test that ends without having asserted anything fails.
    expect: { requireAssertions: true },
    projects: [
      // Rooms share a process and what it has loaded: a process for each file takes twice their time.
      { extends: true, test: { name: TOGETHER, include: ROOMS, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['{src,test,ladder}/**/*.test.ts'],
          exclude: [...ROOMS, '**/node_modules/**'],
        },
      },
    ],
  },
})

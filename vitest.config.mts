import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import LongestFirst from './scripts/lib/longest-first.mjs'

/** Makes a folder for the programs of ours that tests start: see test/harness/built-once.ts. */
const globalSetup = ['test/harness/build-folder.ts']

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx', 'test/scripts/**/*.test.mjs'],
          exclude: ['test/e2e/**'],
          globalSetup,
          // Vitest would leave one core free; some tests wait for programs, which leaves enough of it anyway.
          maxWorkers: availableParallelism(),
          // electron-store asks electron's package where the binary is, which would otherwise be downloaded.
          env: { ELECTRON_OVERRIDE_DIST_PATH: 'not-needed-here' },
          // Limits for a machine that does much else; where all is well they cost nothing.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup,
          setupFiles: ['test/harness/app/worker-session.ts'],
          // Not at the same time as unit tests, where both are run.
          sequence: { groupOrder: 1 },
          // As above; a wait inside of a test ends before the test does, and says for what it waited.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
})

import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import LongestFirst from './scripts/lib/longest-first.mjs'
import { browserProvider, commands, pagesForTests } from './test/harness/browser/node/browser-project.mts'

/** Creates the folder for programs that tests start (see test/harness/setup/built-once.ts) and one for temporary files. */
const globalSetup = ['test/harness/setup/build-folder.ts']

/** Tests that replace a module for their file: in a shared module graph it may already be in use. */
const ISOLATED = [
  'channels-file-faults',
  'files/replace-file',
  'format/folder-format',
  'format/format-2',
  'history-faults',
  'journal/journal-faults',
  'lock/folder-lock',
  'read-faults',
].map((name) => `test/node/data-folder/${name}.test.ts`)

// Less garbage collection: 4% of the processor time of the unit tests.
const execArgv = ['--max-semi-space-size=64']

const unit = {
  globalSetup,
  setupFiles: [
    'test/harness/setup/processor-seconds.ts',
    'test/harness/setup/patient-waits.ts',
    'test/harness/setup/fail-on-failed-poll.ts',
  ],
  execArgv,
  // One more than there are cores, since some files wait for programs. Each worker loads and compiles every module
  // again: seven cost half as much again as two. What a project says here counts more than `--maxWorkers`.
  maxWorkers: availableParallelism() + 1,
  // electron-store asks the electron package for its binary, which would otherwise be downloaded.
  env: { ELECTRON_OVERRIDE_DIST_PATH: 'not-needed-here' },
  // Generous, for a machine under load; passing tests are not slowed down by it.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...unit, name: 'unit', include: ISOLATED } },
      {
        test: {
          ...unit,
          name: 'unit-shared',
          include: ['test/**/*.test.{ts,tsx,mjs}'],
          exclude: ['test/e2e/**', 'test/browser/**', ...ISOLATED],
          // One module graph per worker, which saves the start of a process and the loading of modules for each
          // file: tests leave no state behind in the modules that they import.
          isolate: false,
        },
      },
      {
        plugins: [pagesForTests()],
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          globalSetup,
          setupFiles: ['test/harness/browser/setup.ts'],
          // After the unit tests, where a filter chooses both: it has another number of workers.
          sequence: { groupOrder: 1 },
          // One page for all files: each window of a test has a frame of its own.
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000, interval: 100 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            fileParallelism: false,
            viewport: { width: 1_280, height: 900 },
            provider: browserProvider(),
            instances: [{ browser: 'chromium' }],
            commands,
          },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup,
          // One module graph per worker: loading Playwright for each file takes a second.
          isolate: false,
          setupFiles: ['test/harness/setup/processor-seconds.ts', 'test/harness/setup/worker-session.ts'],
          execArgv,
          // After the others, as above.
          sequence: { groupOrder: 2 },
          // As above. Polls time out before the test does, so that the error shows the awaited condition.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each look at a page costs several milliseconds in three processes.
          expect: { poll: { timeout: 60_000, interval: 100 } },
        },
      },
    ],
  },
})

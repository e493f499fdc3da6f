import { defineConfig } from 'vitest/config'
import { BaseSequencer } from 'vitest/node'

/** Of a mutant's tests only the first that fails counts. */
class QuickestFirst extends BaseSequencer {
  async sort(files) {
    return (await super.sort(files)).toReversed()
  }
}

/** Runs the unit tests of one group, passed by `scripts/mutate.mjs`. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env.PODKEEPER_MUTATION_TESTS ?? '[]'),
    setupFiles: ['test/harness/setup/fail-on-failed-poll.ts'],
    testTimeout: 60_000,
    sequence: { sequencer: QuickestFirst },
    // A mutant is switched on at run time, so modules need not be loaded for each file.
    isolate: false,
  },
})

import { defineConfig } from 'vitest/config'

/** Runs the unit tests of one group, passed by `scripts/mutate.mjs`. */
export default defineConfig({
  test: { include: JSON.parse(process.env.PODKEEPER_MUTATION_TESTS ?? '[]'), testTimeout: 60_000 },
})

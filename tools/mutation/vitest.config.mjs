import { defineConfig } from 'vitest/config'

/** The unit tests of one group, named by `scripts/mutate.mjs`. */
export default defineConfig({
  test: { include: JSON.parse(process.env.PODKEEPER_MUTATION_TESTS ?? '[]'), testTimeout: 60_000 },
})

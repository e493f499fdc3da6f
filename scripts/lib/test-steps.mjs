import { runEndToEndTests } from './end-to-end.mjs'
import { runVitest } from './vitest.mjs'

/** The steps that run tests, each with `filters` and `workers`; they resolve to the result of `runVitest`. */
export const TEST_STEPS = {
  unit: ({ filters }) => runVitest({ project: 'unit*', filters }),
  e2e: (options) => runEndToEndTests({ ...options, isShown: false }),
}

import { runEndToEndTests } from './end-to-end.mjs'
import { runVitest } from './vitest.mjs'

/** The steps that run tests, each with `filters` and `workers`; they resolve to the result of `runVitest`. */
export const TEST_STEPS = {
  unit: ({ filters }) => runVitest({ project: 'unit*', filters }),
  browser: ({ filters }) => runVitest({ project: 'browser', filters }),
  e2e: (options) => runEndToEndTests({ ...options, isShown: false }),
}

/**
 * The steps in the order of `npm test`; those of one group run at a time. What waits for a window looks again and again,
 * and an app works each second, so twice as many at a time take as long and cost half as much again.
 */
export const TEST_STEP_GROUPS = [['unit'], ['browser', 'e2e']]

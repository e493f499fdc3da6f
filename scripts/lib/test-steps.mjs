import { runEndToEndTests } from './end-to-end.mjs'
import { runVitest } from './vitest.mjs'

/** The steps that run tests, each with `filters` and `workers`; they resolve to the result of `runVitest`. */
export const TEST_STEPS = {
  unit: ({ filters }) => runVitest({ project: 'unit*', filters }),
  browser: ({ filters }) => runVitest({ project: 'browser', filters }),
  e2e: (options) => runEndToEndTests({ ...options, isShown: false }),
}

/**
 * How `npm test` runs the steps: those of a row one after another, the rows side by side. Both rows
 * take about as long. With more at a time, nothing ends earlier and all costs more: what waits for a window looks again
 * and again, and apps poll.
 */
export const TEST_STEP_ROWS = [['unit', 'browser'], ['e2e']]

import { runEndToEndTests } from './end-to-end.mjs'
import { runVitest } from './vitest.mjs'

/** Of the unit tests while the end-to-end tests run. */
const UNIT_WORKERS_BESIDE = 2

/** The steps that run tests, each with `filters` and `workers`; they resolve to the result of `runVitest`. */
export const TEST_STEPS = {
  unit: ({ filters, isAlone = true }) =>
    runVitest({ project: 'unit*', filters, ...(!isAlone && { workers: UNIT_WORKERS_BESIDE }) }),
  e2e: (options) => runEndToEndTests({ ...options, isShown: false }),
}

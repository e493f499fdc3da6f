import { runEndToEndTests } from './end-to-end.mjs'
import { runVitest } from './vitest.mjs'

/** Of the unit tests while the end-to-end tests run: as many as both steps end at the same time with. */
const UNIT_WORKERS_BESIDE = 2

/** The steps that run tests, each with `filters` and `workers`; they resolve to the result of `runVitest`. */
export const TEST_STEPS = {
  unit: ({ filters, isAlone = true }) => {
    const env = { ...process.env, ...(!isAlone && { PODKEEPER_UNIT_WORKERS: String(UNIT_WORKERS_BESIDE) }) }
    return runVitest({ project: 'unit*', filters, env })
  },
  browser: ({ filters }) => runVitest({ project: 'browser', filters }),
  e2e: (options) => runEndToEndTests({ ...options, isShown: false }),
}

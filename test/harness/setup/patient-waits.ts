import { vi } from 'vitest'

/*
 * For `setupFiles` of the unit tests. A wait ends when its condition holds; how long that takes on a busy machine says
 * nothing about the code. Vitest gives up after a second where a test says nothing else.
 */
const PATIENCE_MS = 60_000

type WaitFor = typeof vi.waitFor
const patient = (waitFor: WaitFor): WaitFor =>
  ((check, options = PATIENCE_MS) =>
    waitFor(check, typeof options === 'number' ? options : { timeout: PATIENCE_MS, ...options })) as WaitFor

const marked = vi as typeof vi & { isPatient?: true }
if (marked.isPatient !== true) {
  marked.isPatient = true
  marked.waitFor = patient(vi.waitFor)
}

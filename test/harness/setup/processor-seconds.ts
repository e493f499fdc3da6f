import { afterAll } from 'vitest'
import { takeMoreProcessorSeconds } from './more-processor-seconds'
import { processorTime } from '../../../scripts/lib/processor-time.mjs'

/*
 * For `setupFiles`: how much processor time a test file used, with the programs that it started. What it left for others
 * to wait for is counted by `addProcessorSeconds`.
 */

declare module 'vitest' {
  interface TaskMeta {
    /** Of a file, in seconds; absent where the system doesn't say. */
    processorSeconds?: number
    /** The part of it that was used by programs for which nobody waits. */
    unwaitedSeconds?: number
  }
}

const secondsSoFar = (): number => {
  const time = processorTime()
  return time === null ? 0 : time.ownS + time.childrenS
}

const before = secondsSoFar()
takeMoreProcessorSeconds()

// oxlint-disable-next-line no-empty-pattern -- Vitest accepts no other first argument.
afterAll(({}, file) => {
  const unwaitedSeconds = takeMoreProcessorSeconds()
  const processorSeconds = secondsSoFar() - before + unwaitedSeconds
  if (processorSeconds > 0) Object.assign(file.meta, { processorSeconds, unwaitedSeconds })
})

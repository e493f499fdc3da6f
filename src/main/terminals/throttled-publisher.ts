import type { Clock } from '../../core/base/clock'

/** Publishes what changed: the first change at once, those that follow closely together. */
export interface Publisher {
  readonly request: () => void
  /** Of the last publication. */
  revision(): number
  dispose(): void
}

/** A program that calls its terminal something else all the time must not keep the windows busy. */
const EVERY_MS = 100

export function createPublisher(clock: Clock, publish: (revision: number) => void): Publisher {
  let revision = 0
  let isWanted = false
  let cancel: (() => void) | null = null

  function wait(ms: number): void {
    cancel = clock.schedule(ms, () => {
      cancel = null
      if (!isWanted) return
      isWanted = false
      revision += 1
      wait(EVERY_MS)
      publish(revision)
    })
  }

  return {
    request() {
      isWanted = true
      // Not in the midst of what changes it.
      if (cancel === null) wait(0)
    },
    revision: () => revision,
    dispose() {
      cancel?.()
      isWanted = false
    },
  }
}

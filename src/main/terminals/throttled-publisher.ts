import type { Clock } from '../../core/base/time/clock'

/** Publishes changes: the first one immediately, closely following ones together. */
export interface ThrottledPublisher {
  readonly requestPublish: () => void
  /** The revision of the last publication. */
  revision(): number
  dispose(): void
}

/** A program that constantly changes its title must not keep the windows busy. */
const MIN_INTERVAL_MS = 100

export function createThrottledPublisher(
  clock: Clock,
  publish: (revision: number) => void,
): ThrottledPublisher {
  let revision = 0
  let isPending = false
  let cancel: (() => void) | null = null

  function scheduleNext(ms: number): void {
    cancel = clock.schedule(ms, () => {
      cancel = null
      if (!isPending) return
      isPending = false
      revision += 1
      scheduleNext(MIN_INTERVAL_MS)
      publish(revision)
    })
  }

  return {
    requestPublish() {
      isPending = true
      // Not synchronously, because the change may still be in progress.
      if (cancel === null) scheduleNext(0)
    },
    revision: () => revision,
    dispose() {
      cancel?.()
      isPending = false
    },
  }
}

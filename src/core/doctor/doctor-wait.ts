import type { Clock } from '../base/time/clock'

/** Resolves after so long, when `until` settles, or when the check is canceled. */
export type DoctorWait = (ms: number, until?: Promise<unknown>) => Promise<void>

export interface CancelableWait {
  readonly wait: DoctorWait
  /** Ends all waits, and every later one at once. */
  readonly cancel: () => void
  readonly isCanceled: () => boolean
}

export function createCancelableWait(clock: Clock): CancelableWait {
  let isCanceled = false
  const wakes = new Set<() => void>()
  return {
    wait(ms, until) {
      if (isCanceled) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = (): void => {
          if (!wakes.delete(wake)) return
          stopTimer()
          resolve()
        }
        wakes.add(wake)
        const stopTimer = clock.schedule(ms, wake)
        void until?.then(wake, wake)
      })
    },
    cancel() {
      isCanceled = true
      for (const wake of wakes) wake()
    },
    isCanceled: () => isCanceled,
  }
}

import { SECOND_MS } from '../../core/base/time'

/** Ticks once a second while it has subscribers and the page is visible. */
export interface Ticker {
  /** Unix ms of the last tick, so that all texts of one tick agree. */
  readonly now: () => number
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createTicker(page: Document = document): Ticker {
  const listeners = new Set<() => void>()
  let nowMs = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined

  const tick = () => {
    nowMs = Date.now()
    for (const listener of listeners) listener()
  }
  const updateTimer = () => {
    const shouldRun = listeners.size > 0 && page.visibilityState === 'visible'
    if (shouldRun && timer === undefined) {
      timer = setInterval(tick, SECOND_MS)
      tick()
    } else if (!shouldRun && timer !== undefined) {
      clearInterval(timer)
      timer = undefined
    } else if (shouldRun && Math.abs(Date.now() - nowMs) > SECOND_MS) {
      // The clock was set, or the timer lags behind it.
      tick()
    }
  }
  page.addEventListener('visibilitychange', updateTimer)

  return {
    now: () => nowMs,
    subscribe(listener) {
      listeners.add(listener)
      updateTimer()
      return () => {
        listeners.delete(listener)
        updateTimer()
      }
    },
  }
}

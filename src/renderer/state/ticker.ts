import { SECOND_MS } from '../../core/base/time/time'
import { type DemoClockView, demoNowMs } from '../../core/view/demo/demo-view'

/** Ticks once a second while it has subscribers and the page is visible. */
export interface Ticker {
  /** Unix ms of the last tick, so that all texts of one tick agree. In the demo, its time. */
  readonly now: () => number
  /** Takes the time of the demo from now on; null: the real one. */
  readonly follow: (demo: DemoClockView | null) => void
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createTicker(page: Document = document): Ticker {
  const listeners = new Set<() => void>()
  let demoClock: DemoClockView | null = null
  let tickedAtMs = Date.now()
  let nowMs = tickedAtMs
  let timer: ReturnType<typeof setInterval> | undefined

  const tick = () => {
    tickedAtMs = Date.now()
    nowMs = demoClock === null ? tickedAtMs : demoNowMs(demoClock, tickedAtMs)
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
    } else if (shouldRun && Math.abs(Date.now() - tickedAtMs) > SECOND_MS) {
      // The clock was set, or the timer lags behind it.
      tick()
    }
  }
  page.addEventListener('visibilitychange', updateTimer)

  return {
    now: () => nowMs,
    follow(demo) {
      if (JSON.stringify(demo) === JSON.stringify(demoClock)) return
      demoClock = demo
      tick()
    },
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

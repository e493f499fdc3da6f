import type { Clock } from '../base/time/clock'
import { HOUR_MS } from '../base/time/time'

/** Length of one pause. See docs/product-rules.md#62-delivery. */
export const PAUSE_MS = HOUR_MS

/** Persists the end of a pause, Unix ms; null when there is none. */
export interface PauseStore {
  load(): number | null
  save(untilMs: number | null): void
}

/**
 * A pause defers all alerts except critical ones. Deferred alerts are shown afterwards if they are still
 * relevant.
 */
export interface AlertPause {
  /** Unix ms; null while alerts are not paused. */
  readonly untilMs: () => number | null
  readonly start: () => void
  readonly end: () => void
}

/** `onChange` is called when a pause begins and when it ends, including when it expires. */
export function createAlertPause(clock: Clock, store: PauseStore, onChange: () => void): AlertPause {
  let cancelTimer = (): void => {}
  let endsAtMs = store.load()

  function untilMs(): number | null {
    if (endsAtMs === null) return null
    const leftMs = endsAtMs - clock.now().wallMs
    // Setting the clock back must not silence alerts for days.
    return leftMs > 0 && leftMs <= 2 * PAUSE_MS ? endsAtMs : null
  }

  function scheduleEnd(): void {
    cancelTimer()
    const until = untilMs()
    if (until === null) return
    cancelTimer = clock.schedule(until - clock.now().wallMs, () => {
      // Does nothing if the timer fired early or the clock was set back.
      if (untilMs() === null) onChange()
      else scheduleEnd()
    })
  }

  function set(endMs: number | null): void {
    endsAtMs = endMs
    store.save(endMs)
    scheduleEnd()
    onChange()
  }

  scheduleEnd()
  return {
    untilMs,
    start: () => set(clock.now().wallMs + PAUSE_MS),
    end: () => set(null),
  }
}

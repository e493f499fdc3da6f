import type { Clock } from '../base/clock'
import { HOUR_MS } from '../base/time'

/** Alerts are paused for this long at a time. Product rules, "Alerts". */
export const PAUSE_MS = HOUR_MS

/** Keeps the end of a pause across restarts, Unix ms; null: there is none. */
export interface PauseStore {
  load(): number | null
  save(untilMs: number | null): void
}

/** The pause in which alerts are held back, but for critical ones. What becomes due in it is said after it, if it still holds. */
export interface AlertPause {
  /** Unix ms; null: alerts are not paused. */
  readonly untilMs: () => number | null
  readonly start: () => void
  readonly end: () => void
}

/** `onChange` is called when a pause begins and when it ends, by itself too. */
export function createAlertPause(clock: Clock, store: PauseStore, onChange: () => void): AlertPause {
  let cancelTimer = (): void => {}
  let endsAtMs = store.load()

  function untilMs(): number | null {
    if (endsAtMs === null) return null
    const leftMs = endsAtMs - clock.now().wallMs
    // A clock that was set back must not silence the alerts for days.
    return leftMs > 0 && leftMs <= 2 * PAUSE_MS ? endsAtMs : null
  }

  function arm(): void {
    cancelTimer()
    const until = untilMs()
    if (until === null) return
    cancelTimer = clock.schedule(until - clock.now().wallMs, () => {
      // A clock that was set back, or a timer that came early.
      if (untilMs() === null) onChange()
      else arm()
    })
  }

  function set(endMs: number | null): void {
    endsAtMs = endMs
    store.save(endMs)
    arm()
    onChange()
  }

  arm()
  return {
    untilMs,
    start: () => set(clock.now().wallMs + PAUSE_MS),
    end: () => set(null),
  }
}

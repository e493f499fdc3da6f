import type { Clock } from './clock'

/** A time that runs faster than real time. */
export interface VirtualTimeSource {
  /** Unix ms. Never goes back. */
  nowMs(): number
  /** Its seconds per real second, above 0. */
  readonly factor: number
}

/** A clock of a virtual time. */
export interface VirtualClock extends Clock {
  /** Call after the factor changed: timers that wait are due at the virtual time that they were set for. */
  onFactorChange(): void
}

/** `real` is the clock of real time; delays are in virtual ms. */
export function createVirtualClock(time: VirtualTimeSource, real: Clock): VirtualClock {
  const { runId } = real.now()
  const timers = new Set<Timer>()

  interface Timer {
    readonly dueMs: number
    readonly run: () => void
    cancel: () => void
  }

  function wait(timer: Timer): void {
    timer.cancel = real.schedule(Math.max(0, timer.dueMs - time.nowMs()) / time.factor, () => {
      timers.delete(timer)
      timer.run()
    })
  }

  return {
    now() {
      const nowMs = time.nowMs()
      return { wallMs: Math.floor(nowMs), monotonicMs: nowMs, runId }
    },
    schedule(delayMs, run) {
      const timer: Timer = { dueMs: time.nowMs() + delayMs, run, cancel: () => {} }
      timers.add(timer)
      wait(timer)
      return () => {
        timers.delete(timer)
        timer.cancel()
      }
    },
    defer: (run) => real.defer(run),
    onFactorChange() {
      for (const timer of timers) {
        timer.cancel()
        wait(timer)
      }
    },
  }
}

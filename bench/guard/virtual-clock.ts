import type { Clock } from '../../src/core/base/time/clock'
import type { Instant } from '../../src/core/base/time/time'

/**
 * The clocks of a computer in a simulation. True time, which no program can read, never jumps. The wall clock may be
 * set, and the monotonic clock of a run pauses while the computer sleeps.
 */
export interface SettableClock {
  trueMs(): number
  /** Unix ms by the wall clock. */
  wallMs(): number
  /** Schedules an event of the simulation, which sleep doesn't delay. Returns a function that cancels it. */
  at(trueMs: number, run: () => void): () => void
  /** Advances time to the next due event and runs it; false if nothing is due up to `untilMs`. */
  step(untilMs: number): boolean
  setWall(byMs: number): void
  sleep(): void
  wake(): void
  isAsleep(): boolean
  /** Starts a run of a program, with a clock of its own. Several may run at a time. */
  beginRun(): RunClock
}

export interface RunClock extends Clock {
  /** Discards the timers of the run. */
  end(): void
}

interface VirtualTimer {
  /** The clock that the timer belongs to. */
  readonly dueMs: number
  readonly sequence: number
  readonly run: () => void
}

export function createVirtualClock(startMs: number): SettableClock {
  let trueMs = startMs
  let wallOffsetMs = 0
  let sleptMs = 0
  let asleepSinceMs: number | null = null
  let runs = 0
  let timerCount = 0
  const worldTimers = new Set<VirtualTimer>()
  /** Of all programs, by the time that the computer was awake. */
  const programTimers = new Set<VirtualTimer>()

  /** In whole milliseconds, as a system has it. */
  const wallMs = (): number => Math.floor(trueMs) + wallOffsetMs
  const awakeMs = (): number => trueMs - sleptMs - (asleepSinceMs === null ? 0 : trueMs - asleepSinceMs)
  function add(timers: Set<VirtualTimer>, dueMs: number, run: () => void): () => void {
    const timer = { dueMs, sequence: (timerCount += 1), run }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  function beginRun(): RunClock {
    runs += 1
    const runId = `run-${runs}`
    const runStartMs = awakeMs()
    const cancels = new Set<() => void>()
    return {
      now: (): Instant => ({
        wallMs: wallMs(),
        monotonicMs: awakeMs() - runStartMs + 1_000,
        runId,
      }),
      schedule(delayMs, run) {
        // In whole milliseconds, as timers are; less could be lost in rounding.
        const cancel = add(programTimers, awakeMs() + Math.max(0, Math.ceil(delayMs)), () => {
          cancels.delete(cancel)
          run()
        })
        cancels.add(cancel)
        return () => {
          cancels.delete(cancel)
          cancel()
        }
      },
      defer: (run) => void setImmediate(run),
      end() {
        for (const cancel of cancels) cancel()
        cancels.clear()
      },
    }
  }

  return {
    trueMs: () => trueMs,
    wallMs,
    beginRun,
    at: (dueMs, run) => add(worldTimers, dueMs, run),
    step(untilMs) {
      const outer = earliest(worldTimers)
      const inner = asleepSinceMs === null ? earliest(programTimers) : undefined
      const [outerMs, innerMs] = [outer?.dueMs ?? Infinity, inner ? inner.dueMs + sleptMs : Infinity]
      const nextMs = Math.min(outerMs, innerMs)
      if (nextMs > untilMs) {
        trueMs = Math.max(trueMs, untilMs)
        return false
      }
      trueMs = Math.max(trueMs, nextMs)
      const [timers, timer] = outerMs <= innerMs ? [worldTimers, outer] : [programTimers, inner]
      if (timer === undefined) return false
      timers.delete(timer)
      timer.run()
      return true
    },
    setWall(byMs) {
      wallOffsetMs += byMs
    },
    sleep() {
      asleepSinceMs ??= trueMs
    },
    wake() {
      if (asleepSinceMs === null) return
      sleptMs += trueMs - asleepSinceMs
      asleepSinceMs = null
    },
    isAsleep: () => asleepSinceMs !== null,
  }
}

function earliest(timers: ReadonlySet<VirtualTimer>): VirtualTimer | undefined {
  let first: VirtualTimer | undefined
  for (const timer of timers)
    if (
      first === undefined ||
      timer.dueMs < first.dueMs ||
      (timer.dueMs === first.dueMs && timer.sequence < first.sequence)
    )
      first = timer
  return first
}

import type { Clock } from '../../src/core/base/clock'
import type { Instant } from '../../src/core/base/time'

/**
 * The clocks of a computer in a simulated world. True time, which no program can read, never jumps; the wall clock may be
 * set, and the monotonic one of a run stands still while the computer sleeps.
 */
export interface VirtualClock {
  trueMs(): number
  now(): Instant
  /** Of the program's run that lives now; its timers go with it. */
  readonly ofRun: Clock
  /** Of the world: sleep does not hold it up. Returns what cancels it. */
  at(trueMs: number, run: () => void): () => void
  /** Lets time pass up to whatever is due first, and runs that; false: nothing is due up to `untilMs`. */
  step(untilMs: number): boolean
  setWall(byMs: number): void
  sleep(): void
  wake(): void
  isAsleep(): boolean
  /** Another run of the program begins; timers of the one before are gone. */
  beginRun(): void
}

interface Timer {
  /** Of the clock it belongs to. */
  readonly dueMs: number
  readonly place: number
  readonly run: () => void
}

export function createVirtualClock(startMs: number): VirtualClock {
  let trueMs = startMs
  let wallOffsetMs = 0
  let sleptMs = 0
  let asleepSinceMs: number | null = null
  let runs = 0
  let places = 0
  let runStartMs = startMs
  const world = new Set<Timer>()
  let ofProgram = new Set<Timer>()

  const awakeMs = (): number => trueMs - sleptMs - (asleepSinceMs === null ? 0 : trueMs - asleepSinceMs)
  function add(timers: Set<Timer>, dueMs: number, run: () => void): () => void {
    const timer = { dueMs, place: (places += 1), run }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const now = (): Instant => ({
    wallMs: trueMs + wallOffsetMs,
    monotonicMs: awakeMs() - runStartMs + 1_000,
    runId: `run-${runs}`,
  })

  return {
    trueMs: () => trueMs,
    now,
    ofRun: {
      now,
      schedule: (delayMs, run) => add(ofProgram, awakeMs() + Math.max(0, delayMs), run),
    },
    at: (dueMs, run) => add(world, dueMs, run),
    step(untilMs) {
      const outer = soonest(world)
      const inner = asleepSinceMs === null ? soonest(ofProgram) : undefined
      const [outerMs, innerMs] = [outer?.dueMs ?? Infinity, inner ? inner.dueMs + sleptMs : Infinity]
      const nextMs = Math.min(outerMs, innerMs)
      if (nextMs > untilMs) {
        trueMs = Math.max(trueMs, untilMs)
        return false
      }
      trueMs = Math.max(trueMs, nextMs)
      const [timers, timer] = outerMs <= innerMs ? [world, outer] : [ofProgram, inner]
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
    beginRun() {
      runs += 1
      ofProgram = new Set()
      runStartMs = awakeMs()
    },
  }
}

function soonest(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers)
    if (
      first === undefined ||
      timer.dueMs < first.dueMs ||
      (timer.dueMs === first.dueMs && timer.place < first.place)
    )
      first = timer
  return first
}

import type { Clock } from '../../../src/core/base/time/clock'
import type { Instant } from '../../../src/core/base/time/time'

interface ManualTimer {
  /** On the monotonic clock. */
  readonly dueMs: number
  readonly run: () => void
}

/** A clock that only moves on request. */
export interface FakeClock extends Clock {
  /** Advances both clocks. Due timers run in order, each at its own time. */
  advance(ms: number): void
  /** Like `advance`, with pending promises settled before, after every timer and at the end. */
  advanceAsync(ms: number): Promise<void>
  /** Moves only the wall clock, as when it is set or the machine sleeps. */
  shiftWallClock(ms: number): void
  /** Starts another run of the program: its monotonic clock starts over, and no timer survives. */
  restart(runId: string): void
  /** Milliseconds until each pending timer, soonest first. */
  pendingDelaysMs(): readonly number[]
}

/** 2026-11-24 14:05 UTC. */
export const START_MS = Date.UTC(2026, 10, 24, 14, 5)

export function createFakeClock(wallMs = START_MS): FakeClock {
  let now: Instant = { wallMs, monotonicMs: 5_000, runId: 'run-1' }
  let timers: readonly ManualTimer[] = []

  const move = (ms: number): void => {
    now = { ...now, wallMs: now.wallMs + ms, monotonicMs: now.monotonicMs + ms }
  }
  const nextUpTo = (endMs: number): ManualTimer | undefined => {
    const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs)
    return next && next.dueMs <= endMs ? next : undefined
  }
  const fire = (timer: ManualTimer): void => {
    move(Math.max(0, timer.dueMs - now.monotonicMs))
    timers = timers.filter((other) => other !== timer)
    timer.run()
  }

  return {
    now: () => now,
    schedule(delayMs, run) {
      const timer = { dueMs: now.monotonicMs + Math.max(0, delayMs), run }
      timers = [...timers, timer]
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    defer: (run) => void setImmediate(run),
    advance(ms) {
      const endMs = now.monotonicMs + ms
      for (let timer = nextUpTo(endMs); timer; timer = nextUpTo(endMs)) fire(timer)
      move(endMs - now.monotonicMs)
    },
    async advanceAsync(ms) {
      const endMs = now.monotonicMs + ms
      await flushPromises()
      for (let timer = nextUpTo(endMs); timer; timer = nextUpTo(endMs)) {
        fire(timer)
        await flushPromises()
      }
      move(endMs - now.monotonicMs)
      await flushPromises()
    },
    shiftWallClock(ms) {
      now = { ...now, wallMs: now.wallMs + ms }
    },
    restart(runId) {
      timers = []
      now = { ...now, monotonicMs: 1_000, runId }
    },
    pendingDelaysMs: () => timers.map(({ dueMs }) => dueMs - now.monotonicMs).sort((a, b) => a - b),
  }
}

/** Lets promises settle that only wait for each other. */
export async function flushPromises(): Promise<void> {
  for (let task = 0; task < 2; task += 1) await new Promise((resolve) => setImmediate(resolve))
}

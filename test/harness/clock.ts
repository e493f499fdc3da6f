import type { Clock } from '../../src/core/base/clock'
import type { Instant } from '../../src/core/base/time'

interface Timer {
  /** Monotonic. */
  readonly dueMs: number
  readonly run: () => void
}

/** A clock that moves only when it is told to. */
export interface FakeClock extends Clock {
  /** Lets time pass on both clocks; timers that fall due run in order, each at its own moment. */
  advance(ms: number): void
  /** As `advance`, with pending promises settled before, after every timer and at the end. */
  pass(ms: number): Promise<void>
  /** Only the wall clock moves: it was set, or the machine slept. */
  moveWall(ms: number): void
  /** Another run of the program: its monotonic clock starts over, and no timer survives. */
  restart(runId: string): void
  /** Milliseconds until each pending timer, soonest first. */
  pending(): readonly number[]
}

/** 2026-11-24 14:05 UTC. */
export const START_MS = Date.UTC(2026, 10, 24, 14, 5)

export function createFakeClock(wallMs = START_MS): FakeClock {
  let now: Instant = { wallMs, monotonicMs: 5_000, runId: 'run-1' }
  let timers: readonly Timer[] = []

  const move = (ms: number): void => {
    now = { ...now, wallMs: now.wallMs + ms, monotonicMs: now.monotonicMs + ms }
  }
  const nextUpTo = (endMs: number): Timer | undefined => {
    const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs)
    return next && next.dueMs <= endMs ? next : undefined
  }
  const fire = (timer: Timer): void => {
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
    advance(ms) {
      const endMs = now.monotonicMs + ms
      for (let timer = nextUpTo(endMs); timer; timer = nextUpTo(endMs)) fire(timer)
      move(endMs - now.monotonicMs)
    },
    async pass(ms) {
      const endMs = now.monotonicMs + ms
      await settle()
      for (let timer = nextUpTo(endMs); timer; timer = nextUpTo(endMs)) {
        fire(timer)
        await settle()
      }
      move(endMs - now.monotonicMs)
      await settle()
    },
    moveWall(ms) {
      now = { ...now, wallMs: now.wallMs + ms }
    },
    restart(runId) {
      timers = []
      now = { ...now, monotonicMs: 1_000, runId }
    },
    pending: () => timers.map(({ dueMs }) => dueMs - now.monotonicMs).sort((a, b) => a - b),
  }
}

/** Lets promises that wait for nothing but each other settle. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

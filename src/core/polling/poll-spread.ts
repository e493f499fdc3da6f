import type { Clock } from '../base/time/clock'

/** Between the polls of two accounts. */
export const POLL_SPREAD_MS = 250
/** Between the first polls of two accounts. */
export const FIRST_POLL_SPREAD_MS = 150

/** The place of one account among the polls of a program. */
export interface PollSlot {
  /** Milliseconds until the first poll. */
  readonly firstDelayMs: () => number
  /** `delayMs`, or as much longer as keeps the next poll away from those that other accounts plan. */
  readonly nextDelayMs: (delayMs: number) => number
  /** Call when the account is polled no more. */
  readonly release: () => void
}

/** Keeps the polls of several accounts from happening at the same moment. */
export interface PollSpread {
  readonly newSlot: () => PollSlot
}

export function createPollSpread(clock: Pick<Clock, 'now'>): PollSpread {
  /** By account: when its latest poll is planned, on the monotonic clock. */
  const planned = new Map<PollSlot, number>()

  function plan(slot: PollSlot, delayMs: number, spreadMs: number): number {
    const nowMs = clock.now().monotonicMs
    const others = [...planned].flatMap(([other, atMs]) => (other === slot ? [] : [atMs]))
    let atMs = nowMs + delayMs
    // Each one that is too near moves it behind itself, so one pass in their order is enough.
    for (const other of others.sort((a, b) => a - b))
      if (Math.abs(other - atMs) < spreadMs) atMs = other + spreadMs
    planned.set(slot, atMs)
    return atMs - nowMs
  }

  return {
    newSlot() {
      const slot: PollSlot = {
        firstDelayMs: () => plan(slot, 0, FIRST_POLL_SPREAD_MS),
        nextDelayMs: (delayMs) => plan(slot, delayMs, POLL_SPREAD_MS),
        release: () => void planned.delete(slot),
      }
      return slot
    },
  }
}

import { MINUTE_MS, SECOND_MS } from '../../../core/base/time/time'
import type { HttpClient } from '../../http/http-client'
import type { KeyBudget } from './key-budget'

/** How the polls of all labs of a key share its requests. */
export interface PollShare {
  /** A lab was listed. `requests`: how many one poll of it takes. */
  onPoll(labId: string, requests: number): void
  /** An action of this lab was sent. */
  onAction(labId: string): void
  /** Milliseconds between two polls of this lab that the requests of the key allow. */
  minIntervalMs(labId: string): number
}

/** For so long after an action, saved requests are spent on observing what it does. */
const OBSERVED_MS = 2 * MINUTE_MS
const OBSERVED_EVERY_MS = 15 * SECOND_MS
/** Labs that were listed within this many of the longest intervals, and a while, are still polled. */
const MISSED_INTERVALS = 2.5
const GRACE_MS = 5 * MINUTE_MS

interface PolledLab {
  readonly atMs: number
  readonly requests: number
}

/** `elapsedMs`: ms on a clock that never goes backwards. */
export function createPollShare(
  budget: Pick<KeyBudget, 'pollSpacingMs' | 'savedRequests'>,
  http: Pick<HttpClient, 'evenSpacingMs' | 'readWaitMs'>,
  elapsedMs: () => number,
): PollShare {
  const labs = new Map<string, PolledLab>()
  const actedAtMs = new Map<string, number>()

  function countPolled(spacingMs: number): number {
    const longest = Math.max(1, ...[...labs.values()].map(({ requests }) => requests))
    const sinceMs = elapsedMs() - (MISSED_INTERVALS * spacingMs * labs.size * longest + GRACE_MS)
    return [...labs.values()].filter(({ atMs }) => atMs >= sinceMs).length
  }

  return {
    onPoll(labId, requests) {
      labs.set(labId, { atMs: elapsedMs(), requests })
    },
    onAction(labId) {
      actedAtMs.set(labId, elapsedMs())
    },
    minIntervalMs(labId) {
      const spacingMs = Math.max(budget.pollSpacingMs(), http.evenSpacingMs())
      const requests = labs.get(labId)?.requests ?? 1
      const intervalMs = Math.max(1, countPolled(spacingMs)) * requests * spacingMs
      const actedMs = elapsedMs() - (actedAtMs.get(labId) ?? Number.NEGATIVE_INFINITY)
      const isObserving = actedMs < OBSERVED_MS && budget.savedRequests() > requests
      return Math.max(isObserving ? Math.min(OBSERVED_EVERY_MS, intervalMs) : intervalMs, http.readWaitMs())
    },
  }
}

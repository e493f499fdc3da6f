import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS } from '../../src/core/base/time/time'
import type { RecordedWarning } from './oracle-warnings'

/*
 * Stops must happen: counts the lists at which a pod and its warnings met every condition, and nothing was done. See
 * docs/product-rules.md#35-stops-must-happen.
 */

/** Lists since something was due, of one pod and one cause. */
export interface Liveness {
  readonly firstWarningLists: number
  readonly lastWarningLists: number
  readonly stopLists: number
  /** When the pod's state made the stop due, whatever its warnings. */
  readonly dueSinceMs: number | null
  /** Something happened after which a program may have to give its warnings again, and may not. Null: it must warn. */
  readonly unsureSinceMs: number | null
}

export const notDue: Liveness = {
  firstWarningLists: 0,
  lastWarningLists: 0,
  stopLists: 0,
  dueSinceMs: null,
  unsureSinceMs: null,
}

export const unsureLiveness = (unsureSinceMs: number): Liveness => ({ ...notDue, unsureSinceMs })

/** What is late is done at the next list. */
const MOST_LISTS = 2
/** All warnings again, each of them late. */
const UNSURE_LISTS = 6

export interface LivenessFacts {
  /**
   * The most that can be left until the pod's state makes the stop due, ms; null: it does not, or this is not certain.
   */
  readonly leftMs: number | null
  /** Those of this cause and the present plan. */
  readonly warnings: readonly RecordedWarning[]
  readonly settings: Pick<Settings, 'autoStopFirstWarningMin' | 'autoStopLastWarningMin'>
  readonly pollMs: number
  /** Whatever was planned before is certainly over. */
  readonly isSure: boolean
  readonly trueMs: number
}

/** The state after a list that showed everything that the cause needs. */
export function updateLiveness(before: Liveness, facts: LivenessFacts): Liveness {
  const { leftMs, trueMs, settings } = facts
  if (leftMs === null) return unsureLiveness(trueMs)
  const firstMs = settings.autoStopFirstWarningMin * MINUTE_MS
  const lastMs = settings.autoStopLastWarningMin * MINUTE_MS
  const dueSinceMs = leftMs <= 0 ? (before.dueSinceMs ?? trueMs) : null
  const { unsureSinceMs } = before
  if (unsureSinceMs !== null && !facts.isSure) {
    const sinceMs = Math.max(dueSinceMs ?? trueMs, unsureSinceMs)
    // Lists that failed meanwhile took time in which nothing could be done, so lists are counted from then on.
    const isLate = trueMs - sinceMs > firstMs + UNSURE_LISTS * facts.pollMs
    return { ...unsureLiveness(unsureSinceMs), dueSinceMs, stopLists: isLate ? before.stopLists + 1 : 0 }
  }
  // A warning counts from the list at which the program knows that it was delivered.
  const ago = facts.warnings.flatMap(({ knownAtMs }) => (knownAtMs === null ? [] : [trueMs - knownAtMs]))
  const [first = -Infinity, last = -Infinity] = ago
  const warningLeftMs = firstMs - first
  const isFirstDue = facts.warnings.length === 0 && leftMs <= firstMs
  const isLastDue = facts.warnings.length === 1 && leftMs <= lastMs && first >= 0 && warningLeftMs <= lastMs
  const isStopDue = leftMs <= 0 && warningLeftMs <= 0 && last >= lastMs
  const count = (lists: number, isDue: boolean): number => (isDue ? lists + 1 : 0)
  return {
    firstWarningLists: count(before.firstWarningLists, isFirstDue),
    lastWarningLists: count(before.lastWarningLists, isLastDue),
    stopLists: count(before.stopLists, isStopDue),
    dueSinceMs,
    unsureSinceMs: null,
  }
}

/** What is missed, and for how long; null: nothing. */
export function missedText({ firstWarningLists, lastWarningLists, stopLists }: Liveness): string | null {
  if (firstWarningLists > MOST_LISTS) return `its first warning was due for ${firstWarningLists} lists`
  if (lastWarningLists > MOST_LISTS) return `its last warning was due for ${lastWarningLists} lists`
  return stopLists > MOST_LISTS ? `its stop was due for ${stopLists} lists` : null
}

import type { Pod } from '../pods/pod'
import { MINUTE_MS } from '../base/time/time'

/** Since when a pod is creating, Unix ms. */
export interface CreatingTime {
  readonly sinceMs: number
  /** It was first observed creating then, and may have been creating before. */
  readonly isAtLeast: boolean
}

/** The last observed state of a pod, and when it was observed (Unix ms). */
interface EarlierState {
  readonly pod: Pod
  readonly seenAtMs: number
  readonly creating: CreatingTime | null
}

/** Between two observations this far apart a pod may have been creating for a while. */
const GAP_MS = 5 * MINUTE_MS

/**
 * Since when `pod`, observed at `atMs`, is creating; null when it isn't. A pod that never ran and wasn't
 * observed in another state counts from its creation, any other from when it was first observed creating,
 * because the API's start time is then the one before. See docs/product-rules.md#11-states-shown.
 */
export function creatingTimeOf(
  pod: Pod,
  atMs: number,
  before: EarlierState | undefined,
): CreatingTime | null {
  // An unknown status carries no information.
  if (pod.phase === 'unknown') return before?.creating ?? null
  if (pod.phase !== 'creating') return null
  const isSameStart = before?.pod.startedAtMs === pod.startedAtMs
  if (before !== undefined && before.creating !== null && isSameStart) return before.creating
  const wasSeenOtherwise = before !== undefined && before.creating === null && before.pod.phase !== 'unknown'
  if (!wasSeenOtherwise && pod.startedAtMs === null && pod.createdAtMs !== null)
    return { sinceMs: pod.createdAtMs, isAtLeast: false }
  return { sinceMs: atMs, isAtLeast: before === undefined || atMs - before.seenAtMs > GAP_MS }
}

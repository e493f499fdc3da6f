import { type Intent, isOpen } from '../../intents/intent'
import type { KnownSince } from './stop-limit'
import type { Pod, PodId } from '../../pods/pod'
import { isRefusalLifted, type WritePermission } from '../../intents/write-permission'
import { elapsedMs, HOUR_MS, type Instant, MINUTE_MS } from '../../base/time/time'

/** An automatic action on a pod that failed, and when it is tried again. */
export interface StopRetry {
  /** How many attempts failed in a row. */
  readonly failures: number
  /** Time until the next try, ms; 0 when it may be made. */
  readonly leftMs: number
  /** When that is, Unix ms. */
  readonly atMs: number
  /** Why the last attempt failed, for display; null when the API did not say. */
  readonly message: string | null
}

/** The retry of an action on a pod as it runs now; null when its last try did not fail. */
export type FindStopRetry = (
  pod: Pick<Pod, 'id' | 'startedAtMs'>,
  action: 'stop' | 'terminate',
) => StopRetry | null

const FIRST_BACKOFF_MS = 5 * MINUTE_MS
const MAX_BACKOFF_MS = 2 * HOUR_MS

/** The pause after `failures` failed tries in a row, ms: 5 min, 10, 20 … 2 h. */
export function stopBackoffMs(failures: number): number {
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1))
}

/**
 * Finds what failed in `intents` (oldest first). Each pod has a pause of its own, so that it never blocks another,
 * and another start of the pod begins anew. A pause that began in another run of Podkeeper ends no later than if
 * it had begun when it became known here (`knownSince`). A refusal counts no more once the key was allowed to act.
 * See docs/product-rules.md#36-limits-retries-and-switches.
 */
export function findStopRetries(
  intents: readonly Intent[],
  knownSince: KnownSince,
  permission: WritePermission,
  now: Instant,
): FindStopRetry {
  let automatic: ReadonlyMap<PodId, readonly Intent[]> | null = null
  return ({ id, startedAtMs }, action) => {
    // A terminate may be replaced by a stop, which then fails for the same pod.
    automatic ??= automaticByPod(intents)
    const last = automatic
      .get(id)
      ?.filter((one) => one.action === 'stop' || one.action === action)
      .at(-1)
    if (last === undefined || last.podStartedAtMs !== startedAtMs) return null
    if (last.phase === 'observed' || isOpen(last)) return null
    if (isRefusalLifted(permission, last)) return null
    const { phaseAt, message } = last
    const failures = last.earlierFailures + 1
    const sinceMs =
      phaseAt.runId === now.runId
        ? elapsedMs(phaseAt, now)
        : Math.max(elapsedMs(phaseAt, now), elapsedMs(knownSince(last), now))
    const leftMs = Math.max(0, Math.max(stopBackoffMs(failures), last.waitMs) - sinceMs)
    return { failures, leftMs, atMs: now.wallMs + leftMs, message }
  }
}

function automaticByPod(intents: readonly Intent[]): ReadonlyMap<PodId, readonly Intent[]> {
  const byPod = new Map<PodId, Intent[]>()
  for (const intent of intents) {
    if (intent.origin === 'person') continue
    const ofPod = byPod.get(intent.podId)
    if (ofPod) ofPod.push(intent)
    else byPod.set(intent.podId, [intent])
  }
  return byPod
}

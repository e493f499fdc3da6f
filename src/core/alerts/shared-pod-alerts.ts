import { MINUTE_MS } from '../base/time/time'
import type { PodId } from '../pods/pod'
import type { AlertKind, PendingAlert } from './alert'
import { alertName } from './alert-history'

/** What the account that watches the pod alerts about as well. */
const kinds: readonly AlertKind[] = [
  'idle',
  'idle-reminder',
  'partly-idle',
  'activity-unknown',
  'kept-on',
  'auto-stop-soon',
  'max-hours-soon',
  'budget',
  'pod-ready',
  'creating-too-long',
  'no-container',
  'container-died',
  'gpus-missing',
  'disk-full',
  'pod-error',
  'pod-stopped',
  'pod-gone',
]

/** For this long after a pod was watched elsewhere, that account tells that it is gone. */
const GONE_WITHIN_MS = 15 * MINUTE_MS

/**
 * Leaves out the alerts about pods that another account watches. When this account takes over, what holds at that
 * moment was alerted there, so only what comes later is alerted, and warnings of its own stops. See
 * docs/product-rules.md#122-hubify.
 */
export function createSharedPodAlerts(): (
  pending: readonly PendingAlert[],
  watchedElsewhere: ReadonlySet<PodId>,
  nowMs: number,
) => readonly PendingAlert[] {
  const elsewhereAtMs = new Map<PodId, number>()
  let takenOver: ReadonlySet<PodId> = new Set()
  let covered: ReadonlySet<string> = new Set()
  return (pending, watchedElsewhere, nowMs) => {
    const newlyTakenOver = new Set([...elsewhereAtMs.keys()].filter((podId) => !takenOver.has(podId)))
    for (const podId of watchedElsewhere) {
      elsewhereAtMs.set(podId, nowMs)
      newlyTakenOver.delete(podId)
    }
    takenOver = new Set([...elsewhereAtMs.keys()].filter((podId) => !watchedElsewhere.has(podId)))
    const nextCovered = new Set<string>()
    const left = pending.filter(({ key, isCritical }) => {
      const { kind, podId } = key
      if (podId === null || !kinds.includes(kind)) return true
      if (watchedElsewhere.has(podId)) return false
      const seenMs = elsewhereAtMs.get(podId)
      if (kind === 'pod-gone' && seenMs !== undefined && Math.abs(nowMs - seenMs) <= GONE_WITHIN_MS)
        return false
      const name = alertName(key)
      const isCovered = !isCritical && (newlyTakenOver.has(podId) || covered.has(name))
      if (isCovered) nextCovered.add(name)
      return !isCovered
    })
    covered = nextCovered
    return left
  }
}

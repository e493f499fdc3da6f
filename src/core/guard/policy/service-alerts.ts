import type { PendingAlert } from '../../alerts/alert'
import { formatRemaining, formatTimeOfDay } from '../../base/text/format'
import { HOUR_MS, MINUTE_MS } from '../../base/time/time'
import { type AccountId, managingServiceName, type Pod } from '../../pods/pod'
import { shortName } from '../../pods/pod-name'

const WARN_BEFORE_MS = 30 * MINUTE_MS
/** A time that is past for longer says nothing of what comes next. */
const MAX_LATE_MS = HOUR_MS

/**
 * Warns before the service that manages the pod terminates it, once per run of the pod. Nothing here holds that, so
 * keep running doesn't silence it. See docs/product-rules.md#38-what-the-service-itself-does.
 */
export function serviceAlerts(accountId: AccountId, pod: Pod, nowMs: number): readonly PendingAlert[] {
  const atMs = pod.managed?.terminatesAtMs ?? null
  if (atMs === null || pod.phase === 'stopped' || pod.phase === 'terminated') return []
  const leftMs = atMs - nowMs
  if (leftMs > WARN_BEFORE_MS || leftMs < -MAX_LATE_MS) return []
  const when = leftMs > 0 ? `in ${formatRemaining(leftMs)}` : 'any moment now'
  return [
    {
      key: { kind: 'service-terminates-soon', accountId, podId: pod.id, episode: episodeOf(pod, atMs) },
      podName: pod.name,
      tone: 'bad',
      isCritical: true,
      buttons: [],
      title: `${managingServiceName} terminates ${shortName(pod.name, 60)} ${when}`,
      body: `Its maximum runtime ends at ${formatTimeOfDay(atMs)}. Sync its results first: a terminate can't be undone, and its volume is kept for 7 days. Keeping it on in Podkeeper doesn't change that.`,
    },
  ]
}

/** The run of the pod; where nothing says which one it is, the hour of the terminate. */
const episodeOf = ({ startedAtMs, createdAtMs }: Pod, atMs: number): string =>
  String(startedAtMs ?? createdAtMs ?? `until ${Math.round(atMs / HOUR_MS)}`)

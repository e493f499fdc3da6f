import type { Announcement } from './announcement'
import { formatDuration, formatUsd, formatUsdPerHour, idleReason } from './format'
import type { Decision } from './policy'
import { shortName } from './pod-name'

/** The native words of a decision: a title, one line, and the pod. */
export function idleAnnouncement({ accountId, pod, episode, activity, idleCostUsd }: Decision): Announcement {
  const cost =
    pod.costPerHourUsd === null || idleCostUsd === null
      ? ''
      : ` · ${formatUsd(idleCostUsd)} so far at ${formatUsdPerHour(pod.costPerHourUsd)}`
  return {
    key: { kind: 'idle', accountId, podId: pod.id, episode: String(episode) },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: ['keep-on', 'stop'],
    title: `${shortName(pod.name, 60)} is idle for ${formatDuration(activity.idleForMs)}`,
    body: `${idleReason(activity)}${cost}`,
  }
}

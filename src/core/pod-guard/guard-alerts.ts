import type { PendingAlert } from '../alerts/alert'
import { formatDuration } from '../base/format'
import { SECOND_MS } from '../base/time'
import type { AccountId, Pod } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import { type GuardReading, isSilent } from './guard-in-pod-view'
import { wasAccepted } from './guard-report'

export interface GuardedPod {
  readonly pod: Pod
  readonly wish: 'stop' | 'report'
  /** The last one, of this run of the pod or an earlier one. */
  readonly reading: GuardReading | null
}

/**
 * Once per run of a pod: that its guard is silent, and that the pod was stopped while its guard could do that. See
 * docs/product-rules.md#61-kinds.
 */
export function guardAlerts(
  accountId: AccountId,
  guarded: readonly GuardedPod[],
  wasStoppedHere: (pod: Pod) => boolean,
): readonly PendingAlert[] {
  return guarded.flatMap(({ pod, wish, reading }): readonly PendingAlert[] => {
    if (reading === null) return []
    const name = plainName(pod.name)
    const shared = { podName: pod.name, isCritical: false, buttons: [] }
    const episode = String(reading.startedAtMs)
    if (pod.phase === 'running' && reading.startedAtMs === pod.startedAtMs && isSilent(reading))
      return [
        {
          ...shared,
          key: { kind: 'guard-silent', accountId, podId: pod.id, episode },
          title: `The guard in ${name} is silent`,
          body: 'It no longer runs in the pod, so nothing stops the pod while this computer sleeps.',
          tone: 'warning',
        },
      ]
    const { status } = reading.report
    const couldStop = wish === 'stop' && status !== null && status.isArmed
    if (pod.phase !== 'stopped' || !couldStop || wasStoppedHere(pod)) return []
    const limit = formatDuration(status.idleLimitS * SECOND_MS)
    const why = {
      idle: `it was idle for ${limit}`,
      deadline: 'it was past its deadline',
      asked: 'you asked for that',
    }
    return [
      {
        ...shared,
        key: { kind: 'guard-stopped', accountId, podId: pod.id, episode },
        title: `${name} was stopped`,
        body:
          status.stopping === null || !wasAccepted(status.stopping)
            ? `Not by this Podkeeper. The guard in the pod was armed, and stops it after ${limit} idle or at its deadline.`
            : `By the guard in the pod, because ${why[status.stopping.cause]}.`,
        tone: 'good',
      },
    ]
  })
}

import type { PendingAlert } from '../alerts/alert'
import { formatDuration } from '../base/text/format'
import { SECOND_MS } from '../base/time/time'
import type { ArmedGuard } from '../pod-rules/pod-rules'
import type { AccountId, Pod } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import { type GuardReading, isSilent } from './guard-in-pod-view'
import { wasAccepted } from './guard-report'

export interface GuardedPod {
  readonly pod: Pod
  readonly wish: 'stop' | 'report'
  /** The last one, of this run of the pod or an earlier one. */
  readonly reading: GuardReading | null
  /** What an earlier run of the program left, where nothing was read since. */
  readonly armed: ArmedGuard | undefined
}

/**
 * Once per run of a pod: that its guard is silent, and that the pod was stopped while its guard could do that. See
 * docs/product-rules.md#61-kinds.
 */
export function guardAlerts(
  accountId: AccountId,
  guarded: readonly GuardedPod[],
  wasStoppedHere: (pod: Pod, startedAtMs: number | null) => boolean,
): readonly PendingAlert[] {
  return guarded.flatMap(({ pod, wish, reading, armed }): readonly PendingAlert[] => {
    const name = plainName(pod.name)
    const shared = { podName: pod.name, isCritical: false, buttons: [] }
    const stoppedAlert = (startedAtMs: number | null, body: string): PendingAlert => ({
      ...shared,
      key: { kind: 'guard-stopped', accountId, podId: pod.id, episode: String(startedAtMs) },
      title: `${name} was stopped`,
      body,
      tone: 'good',
    })
    const mayHaveStopped = (startedAtMs: number | null): boolean =>
      wish === 'stop' && pod.phase === 'stopped' && !wasStoppedHere(pod, startedAtMs)
    if (reading === null)
      return armed !== undefined && mayHaveStopped(armed.startedAtMs)
        ? [stoppedAlert(armed.startedAtMs, armedText(armed.idleLimitS))]
        : []
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
    if (status === null || !status.isArmed || !mayHaveStopped(reading.startedAtMs)) return []
    const why = {
      idle: `it was idle for ${formatDuration(status.idleLimitS * SECOND_MS)}`,
      deadline: 'it was past its deadline',
      asked: 'you asked for that',
    }
    const body =
      status.stopping === null || !wasAccepted(status.stopping)
        ? armedText(status.idleLimitS)
        : `By the guard in the pod, because ${why[status.stopping.cause]}.`
    return [stoppedAlert(reading.startedAtMs, body)]
  })
}

/** It is attributed to the guard only where that was observed. */
const armedText = (idleLimitS: number): string =>
  `Not by this Podkeeper. The guard in the pod was armed, and stops it after ${formatDuration(idleLimitS * SECOND_MS)} idle or at its deadline.`

import type { StopCause } from '../intents/intent'
import { isEpisodeOf } from '../guard/stop-plan'
import type { AlertKey } from '../alerts/alert'
import type { PodView, Snapshot } from './snapshot'

/**
 * Whether the alert's condition is over for good, so that its notification can be removed. False in doubt: a
 * pressed button is checked again when it is pressed (alert-actions.ts). Alerts without a pod or without
 * buttons stay until the user closes them.
 */
export function isAlertStale({ kind, accountId, podId, episode }: AlertKey, snapshot: Snapshot): boolean {
  if (podId === null) return false
  const isOfAccount = snapshot.account?.id === accountId
  const pod = isOfAccount ? snapshot.pods.find(({ id }) => id === podId) : undefined
  switch (kind) {
    case 'idle':
    case 'idle-reminder':
      return !isRunning(pod) || pod.guard.keepOn !== null || isIdleEpisodeOver(pod, episode)
    case 'partly-idle':
      return (
        !isRunning(pod) ||
        pod.guard.keepOn !== null ||
        pod.activity.kind === 'idle' ||
        (pod.activity.kind === 'busy' && pod.activity.partlyIdle === null)
      )
    case 'auto-stop-soon':
      return !isRunning(pod) || isStopPlanOver(pod, isEpisodeOf(episode, 'budget') ? 'budget' : 'quiet')
    case 'max-hours-soon':
      return !isRunning(pod) || isStopPlanOver(pod, 'max-hours')
    case 'kept-on':
      return !isRunning(pod) || pod.guard.keepOn === null
    default:
      return false
  }
}

const isRunning = (pod: PodView | undefined): pod is PodView => pod?.phase === 'running'

/** Episode names of reminders start with the time at which the idleness began. */
function isIdleEpisodeOver({ activity }: PodView, episode: string): boolean {
  if (activity.kind === 'idle') return episode.split(':')[0] !== String(activity.sinceMs)
  return activity.kind === 'busy'
}

/** A plan that is only blocked may still continue. */
function isStopPlanOver({ guard: { autoStop, keepOn } }: PodView, cause: StopCause): boolean {
  if (keepOn !== null || autoStop.kind === 'off' || autoStop.kind === 'watching') return true
  return autoStop.cause !== cause
}

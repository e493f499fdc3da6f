import type { StopCause } from '../intents/intent'
import { isCausedBy } from '../guard/stop-plan'
import type { AlertKey } from '../alerts/alert'
import type { PodView, Snapshot } from './snapshot'

/**
 * Whether what the alert tells of is over for good, so that it need not be on the screen any more. In doubt it is not:
 * what a pressed button may do is judged anew when it is pressed (alert-answers.ts). An alert about no pod, or one
 * without buttons, is a message and stays until somebody closes it.
 */
export function isOver({ kind, accountId, podId, episode }: AlertKey, snapshot: Snapshot): boolean {
  if (podId === null) return false
  const isOfAccount = snapshot.account?.id === accountId
  const pod = isOfAccount ? snapshot.pods.find(({ id }) => id === podId) : undefined
  switch (kind) {
    case 'idle':
    case 'idle-reminder':
      return !isRunning(pod) || pod.guard.keepOn !== null || isIdlenessOver(pod, episode)
    case 'partly-idle':
      return (
        !isRunning(pod) ||
        pod.guard.keepOn !== null ||
        pod.activity.kind === 'idle' ||
        (pod.activity.kind === 'busy' && pod.activity.partlyIdle === null)
      )
    case 'auto-stop-soon':
      return !isRunning(pod) || isPlanOver(pod, isCausedBy(episode, 'budget') ? 'budget' : 'quiet')
    case 'max-hours-soon':
      return !isRunning(pod) || isPlanOver(pod, 'max-hours')
    case 'kept-on':
      return !isRunning(pod) || pod.guard.keepOn === null
    default:
      return false
  }
}

const isRunning = (pod: PodView | undefined): pod is PodView => pod?.phase === 'running'

/** The names of reminders go on behind the time at which the idleness began. */
function isIdlenessOver({ activity }: PodView, episode: string): boolean {
  if (activity.kind === 'idle') return episode.split(':')[0] !== String(activity.sinceMs)
  return activity.kind === 'busy'
}

/** What is only held may go on. */
function isPlanOver({ guard: { autoStop, keepOn } }: PodView, because: StopCause): boolean {
  if (keepOn !== null || autoStop.kind === 'off' || autoStop.kind === 'watching') return true
  return autoStop.because !== because
}

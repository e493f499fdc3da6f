import type { AlertKey } from '../alerts/alert'
import { type Activity, episodeName } from '../idle/activity'
import type { StopCause } from '../intents/intent'
import type { KeepOn } from '../pod-rules/pod-rules'
import type { PodPhase } from '../pods/pod'
import { partlyIdleEpisode } from './policy/guard-text'
import { isEpisodeOf } from './policy/stop-plan'

/**
 * Whether an alert's condition still holds. With `unknown` the alert stays on the screen and its buttons do
 * nothing.
 */
export type AlertStatus = 'current' | 'stale' | 'unknown'

/** What is known of the pod of an alert. */
export interface AlertedPod {
  readonly phase: PodPhase
  readonly activity: Activity
  readonly keepOn: KeepOn | null
  /** Whether the warning of a planned stop still applies. */
  readonly warningStatus: (cause: StopCause, episode: string) => AlertStatus
}

/**
 * The status of an alert with buttons; `unknown` for any other alert, which is only a message. See
 * docs/product-rules.md#45-notification-buttons.
 */
export function alertStatus(
  { kind, episode }: Pick<AlertKey, 'kind' | 'episode'>,
  pod: AlertedPod,
): AlertStatus {
  const { activity, keepOn } = pod
  switch (kind) {
    case 'idle':
    case 'idle-reminder':
      return isStopped(pod) || keepOn !== null ? 'stale' : idleStatus(activity, episode)
    case 'partly-idle':
      return isStopped(pod) || keepOn !== null ? 'stale' : partlyIdleStatus(activity, episode)
    case 'auto-stop-soon':
      return isStopped(pod) || keepOn !== null ? 'stale' : pod.warningStatus(causeOfWarning(episode), episode)
    case 'max-hours-soon':
      return isStopped(pod) || keepOn !== null ? 'stale' : pod.warningStatus('max-hours', episode)
    case 'kept-on':
      if (isStopped(pod) || keepOn === null) return 'stale'
      return isSinceMs(episode, keepOn.sinceMs) ? 'current' : 'unknown'
    default:
      return 'unknown'
  }
}

const isStopped = ({ phase }: AlertedPod): boolean => phase !== 'running'

function idleStatus(activity: Activity, episode: string): AlertStatus {
  if (activity.kind === 'unknown') return 'unknown'
  return activity.kind === 'idle' && isSinceMs(episode, episodeName(activity)) ? 'current' : 'stale'
}

function partlyIdleStatus(activity: Activity, episode: string): AlertStatus {
  if (activity.kind === 'unknown') return 'unknown'
  if (activity.kind === 'idle' || activity.partlyIdle === null) return 'stale'
  return episode === partlyIdleEpisode(activity.partlyIdle) ? 'current' : 'unknown'
}

/** The episode of a reminder starts with the same time as that of the first alert. */
const isSinceMs = (episode: string, sinceMs: number): boolean => episode.split(':')[0] === String(sinceMs)

/** Maximum hours have warnings of their own kind. */
const causeOfWarning = (episode: string): StopCause =>
  (['budget', 'stop-time'] as const).find((cause) => isEpisodeOf(episode, cause)) ?? 'quiet'

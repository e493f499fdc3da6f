import type { Fleet } from '../polling/fleet'
import type { StopCause } from '../intents/intent'
import type { StopEnforcer } from './stop-enforcer'
import type { PodRulesEditor } from '../pod-rules/pod-rules-editor'
import { partlyIdleEpisode } from './guard-text'
import { warningEpisode, warningNames } from './stop-plan'
import type { AccountId, PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { AlertButton, AlertKey } from '../alerts/alert'
import { ok, type Result } from '../base/result'

/**
 * `stale` means that the situation changed since the alert, so nothing was done and the pod should be shown.
 */
export type AlertActionResult = 'done' | 'stale'

export interface AlertActionsOptions {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Pick<Fleet, 'observedPod'>
  readonly enforcer: Pick<StopEnforcer, 'statusOf' | 'podStates'>
  readonly rulesEditor: Pick<PodRulesEditor, 'keepOn'>
  /** Stops the pod with the usual undo window. */
  readonly stop: (podId: PodId) => Result<void, string>
}

/**
 * Performs the action of a notification button, but only while its alert still applies. See
 * docs/product-rules.md#45-notification-buttons.
 */
export function createAlertActions(options: AlertActionsOptions) {
  const { accountId, clock, fleet, enforcer, rulesEditor, stop } = options

  function isAlertCurrent({ kind, episode }: AlertKey, podId: PodId): boolean {
    const seen = fleet.observedPod(podId, clock.now())
    if (seen === null || seen.pod.phase !== 'running') return false
    const { activity } = seen
    const { keepOn } = enforcer.podStates()(podId).guard
    switch (kind) {
      case 'idle':
      case 'idle-reminder':
        return activity.kind === 'idle' && episode.split(':')[0] === String(activity.sinceMs)
      case 'partly-idle':
        return (
          activity.kind === 'busy' &&
          activity.partlyIdle !== null &&
          episode === partlyIdleEpisode(activity.partlyIdle)
        )
      case 'kept-on':
        return keepOn !== null && episode.split(':')[0] === String(keepOn.sinceMs)
      case 'auto-stop-soon':
        return isPlanned(podId, 'quiet', episode) || isPlanned(podId, 'budget', episode)
      case 'max-hours-soon':
        return isPlanned(podId, 'max-hours', episode)
      default:
        return false
    }
  }

  function isPlanned(podId: PodId, cause: StopCause, episode: string): boolean {
    const status = enforcer.statusOf(podId, cause)
    return (
      status?.kind === 'planned' && warningNames.some((name) => warningEpisode(status.plan, name) === episode)
    )
  }

  return function runAlertAction(key: AlertKey, button: AlertButton): Result<AlertActionResult, string> {
    const { podId } = key
    if (key.accountId !== accountId || podId === null || !isAlertCurrent(key, podId)) return ok('stale')
    const done = button === 'keep-on' ? rulesEditor.keepOn(podId, '4-hours') : stop(podId)
    return done.ok ? ok('done') : done
  }
}

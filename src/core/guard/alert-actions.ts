import type { Fleet } from '../polling/fleet'
import type { StopCause } from '../intents/intent'
import type { GuardDesk } from './stop-enforcer'
import type { GuardOrders } from '../pod-rules/pod-rules-editor'
import { episodeOfPartlyIdle } from './guard-text'
import { warningEpisode, warningNames } from './stop-plan'
import type { AccountId, PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { AlertButton, AlertKey } from '../alerts/alert'
import { ok, type Result } from '../base/result'

/** What a pressed button came to. `stale`: things changed since the alert, so nothing was done: show the pod. */
export type AlertAnswer = 'done' | 'stale'

export interface AlertAnswersOptions {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Pick<Fleet, 'seenPodAt'>
  readonly guard: Pick<GuardDesk, 'standingOf' | 'draw'>
  readonly orders: Pick<GuardOrders, 'keepOn'>
  /** With the usual undo. */
  readonly stop: (podId: PodId) => Result<void, string>
}

/**
 * Does what a button of a notification says, but only while what its alert told of still holds. Product rules,
 * "Actions": buttons belong to their episode.
 */
export function createAlertAnswers(options: AlertAnswersOptions) {
  const { accountId, clock, fleet, guard, orders, stop } = options

  function isStill({ kind, episode }: AlertKey, podId: PodId): boolean {
    const seen = fleet.seenPodAt(podId, clock.now())
    if (seen === null || seen.pod.phase !== 'running') return false
    const { activity } = seen
    const { keepOn } = guard.draw()(podId).guard
    switch (kind) {
      case 'idle':
      case 'idle-reminder':
        return activity.kind === 'idle' && episode.split(':')[0] === String(activity.sinceMs)
      case 'partly-idle':
        return (
          activity.kind === 'busy' &&
          activity.partlyIdle !== null &&
          episode === episodeOfPartlyIdle(activity.partlyIdle)
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
    const standing = guard.standingOf(podId, cause)
    return (
      standing?.kind === 'planned' &&
      warningNames.some((name) => warningEpisode(standing.plan, name) === episode)
    )
  }

  return function answerAlert(key: AlertKey, button: AlertButton): Result<AlertAnswer, string> {
    const { podId } = key
    if (key.accountId !== accountId || podId === null || !isStill(key, podId)) return ok('stale')
    const done = button === 'keep-on' ? orders.keepOn(podId, '4-hours') : stop(podId)
    return done.ok ? ok('done') : done
  }
}

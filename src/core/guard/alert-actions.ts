import type { Fleet } from '../polling/fleet'
import type { StopCause } from '../intents/intent'
import type { IntentRunner } from '../intents/intent-runner'
import type { EpisodeNames } from './episode-names'
import type { StopEnforcer } from './stop-enforcer'
import type { PodRulesEditor } from '../pod-rules/pod-rules-editor'
import { type AlertedPod, alertStatus, type AlertStatus } from './alert-status'
import { warningEpisode, warningNames } from './policy/stop-plan'
import type { AccountContext } from '../pod-rules/account-context'
import type { Pod, PodId } from '../pods/pod'
import type { AlertButton, AlertKey } from '../alerts/alert'
import { fail, ok, type Result } from '../base/result'

/**
 * `stale` means that the situation changed since the alert, so nothing was done and the pod should be shown.
 */
export type AlertActionResult = 'done' | 'stale'

/** The buttons of the guard's alerts. The queue has others. */
export type GuardButton = Exclude<AlertButton, 'run-next-job' | 'skip-job' | 'was-me'>

export interface AlertActionParts {
  readonly fleet: Pick<Fleet, 'observedPod'>
  readonly intentRunner: Pick<IntentRunner, 'intents'>
  /** Stops the pod with the usual undo window. */
  readonly stop: (podId: PodId) => Result<void, string>
  readonly enforcer: Pick<StopEnforcer, 'statusOf' | 'podStates' | 'waitingStops'>
  readonly episodeNames: Pick<EpisodeNames, 'named'>
  readonly rulesEditor: Pick<PodRulesEditor, 'keepOn'>
}

/**
 * Performs the action of a notification button, but only while its alert still applies. See
 * docs/product-rules.md#45-notification-buttons.
 */
export function createAlertActions(
  { accountId, clock }: AccountContext,
  { fleet, intentRunner, stop, enforcer, episodeNames, rulesEditor }: AlertActionParts,
) {
  function isAlertCurrent(key: AlertKey, podId: PodId): boolean {
    const seen = fleet.observedPod(podId, clock.now())
    if (seen === null) return false
    if (key.kind === 'action-ended') return isStopAskedAgain(key, seen.pod)
    const alertedPod: AlertedPod = {
      phase: seen.pod.phase,
      activity: episodeNames.named(seen),
      keepOn: enforcer.podStates()(podId).guard.keepOn,
      warningStatus: (cause, episode) => warningStatus(podId, cause, episode),
    }
    return alertStatus(key, alertedPod) === 'current'
  }

  /** Whether the alert is about a canceled stop of this run of the pod, with which nothing was done since. */
  function isStopAskedAgain({ episode }: AlertKey, { id, phase, startedAtMs }: Pod): boolean {
    const last = intentRunner
      .intents()
      .filter(({ podId }) => podId === id)
      .at(-1)
    if (last?.id !== episode || last.action !== 'stop' || last.phase !== 'cancelled') return false
    return phase === 'running' && startedAtMs === last.podStartedAtMs
  }

  function warningStatus(podId: PodId, cause: StopCause, episode: string): AlertStatus {
    const status = enforcer.statusOf(podId, cause)
    if (status?.kind !== 'planned') return 'unknown'
    const isSamePlan = warningNames.some((name) => warningEpisode(status.plan, name) === episode)
    return isSamePlan ? 'current' : 'stale'
  }

  /** Stops each pod that the hourly limit keeps running. A pod that cannot be stopped does not hold up the others. */
  function stopAll({ kind, episode }: AlertKey): Result<AlertActionResult, string> {
    const podIds = kind === 'stops-waiting' ? enforcer.waitingStops(episode) : []
    if (podIds.length === 0) return ok('stale')
    const errors = podIds.map(stop).flatMap((stopped) => (stopped.ok ? [] : [stopped.error]))
    return errors.length === 0 ? ok('done') : fail(errors.join(' '))
  }

  /** The pod that the alert is about, while it still applies; otherwise null. */
  const podOfAlert = (key: AlertKey): PodId | null =>
    key.accountId === accountId && key.podId !== null && isAlertCurrent(key, key.podId) ? key.podId : null

  function runAlertAction(key: AlertKey, button: GuardButton): Result<AlertActionResult, string> {
    if (key.accountId === accountId && button === 'stop-all') return stopAll(key)
    const podId = podOfAlert(key)
    if (podId === null) return ok('stale')
    const done = button === 'keep-on' ? rulesEditor.keepOn(podId, '4-hours') : stop(podId)
    return done.ok ? ok('done') : done
  }

  return { podOfAlert, runAlertAction }
}

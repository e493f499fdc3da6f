import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { PodAction } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS } from '../../src/core/base/time/time'
import type { ActivityLimits } from './activity-limits'
import { afterDisturbance, emptyTally, type IdleTally, updateTally } from './oracle-idle'
import { createIdleAlertOracle, type IdleAlertTally } from './oracle-idle-alerts'
import { createRequestOracle } from './oracle-requests'
import { createWaitingRecord } from './waiting-record'
import { createUserOracle, type PersonCounts } from './oracle-user'
import { createStopOracle } from './oracle-stop'
import { arePaused, type UserCommand, type UserState } from './user-commands'
import { isQuietTime } from './quiet-time'
import type { LivenessFigures, StopCounts } from './stop-counts'
import type { ActionAnswer, Observation } from './virtual-provider'

/*
 * Checks the guard's decisions against what really happened and what the program was told. It follows
 * docs/product-rules.md and uses none of the product's logic.
 */

/** A violated rule. `podId` null: it concerns the account. */
export interface Violation {
  readonly atMs: number
  readonly podId: string | null
  readonly rule: string
  readonly text: string
}

/** What was checked, so that a guard that does nothing doesn't pass. */
export interface Tally extends StopCounts, PersonCounts, IdleAlertTally {
  samples: number
}

export interface Oracle {
  onObserved(seen: readonly Observation[], isList: boolean): void
  onAlertShown(alert: Alert, delivery: Delivery): void
  /** `runId`: the program that asks. */
  onListing(runId: string): void
  onSending(podId: string, action: PodAction, answer: ActionAnswer): void
  onAction(podId: string, action: PodAction): void
  onLook(podId: string, verdict: 'at-rest' | 'working'): void
  /** A disturbance for which the rules don't define the counting. */
  onDisturbance(): void
  /** An outage begins or ends: what a user asked for may be late, and what was observed stays. */
  onOutage(): void
  /** The program crashed. If it was showing alerts, those marked as shown may never have appeared. */
  onCrash(isDuringAlerts: boolean): void
  /** The program restarts without any observations. */
  onRestart(): void
  /** Another program starts, which observes without acting. */
  onWaitingStart(): void
  onObservedByWaiting(seen: readonly Observation[]): void
  /** The active program ends in an orderly way: it sends nothing that it has not sent yet. */
  onEnding(): void
  /** The program that waited acts from now on, by its own observations. */
  onHandOver(): void
  /** `userState` has just been updated by this command. */
  onCommand(command: UserCommand): void
  /** The program rejected the command. */
  onCommandRefused(command: UserCommand): void
  /** What is about another account reached this one. */
  onForeign(text: string): void
  /** Timers run without end. */
  onHotLoop(): void
  /** Something in the program threw. */
  onException(text: string): void
  /** A decision about a pod was written to the audit log. */
  onDecision(podId: string, text: string): void
  readonly tally: Tally
  readonly liveness: LivenessFigures
  readonly violations: readonly Violation[]
}

export interface OracleOptions {
  readonly settings: () => Settings
  readonly userState: () => UserState
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  readonly log: (podId: string | null, text: string) => void
  /** The maximum that the pod can really have cost since then (true time). */
  readonly maxSpendUsd: (podId: string, sinceMs: number) => number
  readonly isHostKeyTrusted: (podId: string) => boolean
  readonly limits: ActivityLimits
  readonly pollMs: number
}

/** An action that was sent has ended after this time, the longest of docs/product-rules.md#41-intents and some. */
const SENT_FOR_MS = 4 * MINUTE_MS

export function createOracle(options: OracleOptions): Oracle {
  const { settings, userState, now, log, limits } = options
  const violations: Violation[] = []
  let samples = 0
  const idleAlerts = createIdleAlertOracle({
    settings,
    userState,
    now,
    log,
    reportViolation,
    isStopping: (podId) => user.isStopping(podId),
    mayBeActing: (podId) =>
      user.mayBeWaiting(podId) || trueMs() - (sentAtMs.get(podId) ?? -Infinity) < SENT_FOR_MS,
  })
  const stops = createStopOracle({ ...options, reportViolation })
  const user = createUserOracle({ settings, now, reportViolation })
  const requests = createRequestOracle(() => now().trueMs, reportViolation)
  /** For each pod, whether the request being sent is the user's. */
  const isUserAction = new Map<string, boolean>()
  /** When the last action on each pod was sent. */
  const sentAtMs = new Map<string, number>()
  const trueMs = (): number => now().trueMs
  const wallMs = (): number => now().wallMs

  let waiting = createWaitingRecord(limits)

  /** For each pod, what its figures last showed, and how many replies without them followed. */
  const seenTruths = new Map<string, { readonly truth: IdleTally['truth']; readonly missing: number }>()
  function logTruth(podId: string, truth: IdleTally['truth']): void {
    const before = seenTruths.get(podId) ?? { truth: 'unknown', missing: 0 }
    if (truth === 'unknown') {
      seenTruths.set(podId, { ...before, missing: before.missing + 1 })
      return
    }
    const missingText = before.missing > 1 ? `, after ${before.missing} replies without figures` : ''
    if (truth !== before.truth || missingText !== '') log(podId, `is seen ${truth}${missingText}`)
    seenTruths.set(podId, { truth, missing: 0 })
  }

  const shownKeys = new Map<string, { readonly times: number; readonly kills: number }>()
  let kills = 0

  function reportViolation(podId: string | null, rule: string, text: string): void {
    violations.push({ atMs: trueMs(), podId, rule, text })
    log(podId, `VIOLATION of "${rule}": ${text}`)
  }
  /** Alerts that are not critical are deferred, except replies to a recent user action. */
  function checkSilence({ key: { kind, podId }, isCritical, title }: Alert): void {
    const isAnswer = kind === 'action-ended' && podId !== null && user.wasRequested(podId)
    if (isCritical || isAnswer) return
    if (isQuietTime(settings(), wallMs())) reportViolation(podId, 'no news in quiet hours', title)
    if (arePaused(userState(), now()) === 'confirmed')
      reportViolation(podId, 'no news while alerts are paused', title)
  }

  /** Informational alerts are never repeated; critical ones are repeated once after each crash. */
  function checkRepeat({ key, isCritical }: Alert, delivery: Delivery): void {
    if (delivery === 'failed' && isCritical) return
    const name = JSON.stringify(key)
    const before = shownKeys.get(name) ?? { times: 0, kills }
    if (before.times > (isCritical ? kills - before.kills : 0))
      reportViolation(key.podId, 'no alert is shown twice', name)
    shownKeys.set(name, { ...before, times: before.times + 1 })
  }

  return {
    get tally() {
      return { samples, ...idleAlerts.tally, ...stops.counts, ...user.counts }
    },
    get liveness() {
      return stops.liveness
    },
    violations,
    onListing: (runId) => requests.onListing(runId),
    onLook(podId, verdict) {
      log(podId, `a look from inside finds it ${verdict}`)
      stops.onLook(podId, verdict)
    },
    onObserved(seen, isList) {
      for (const observation of seen) {
        const { podId } = observation
        const pod = idleAlerts.podOf(podId)
        const before = pod.idle
        pod.idle = updateTally(before, observation, limits)
        pod.name = observation.pod.name
        samples += 1
        logTruth(podId, pod.idle.truth)
        stops.onObserved(observation, before, pod.idle, isList)
        user.onObserved(observation)
        if (isList) idleAlerts.onListed(podId)
      }
    },
    onAlertShown(alert, delivery) {
      const { podId } = alert.key
      log(podId, `${delivery}: ${alert.title}. ${alert.body}`)
      checkRepeat(alert, delivery)
      checkSilence(alert)
      idleAlerts.onAlertShown(alert)
      if (podId !== null) stops.onAlertShown(podId, alert, delivery)
      if (podId !== null && alert.key.kind === 'action-ended') user.onGivenUp(podId)
    },
    onSending(podId, action, answer) {
      requests.onSending(podId)
      const isWanted = user.onSending(podId, action, answer.failure)
      isUserAction.set(podId, isWanted)
      sentAtMs.set(podId, trueMs())
      const answerText = answer.failure === null ? '' : `, and answered with ${answer.failure}`
      log(podId, `a ${action} is sent${isWanted ? ', as a person wanted' : ''}${answerText}`)
      if (!isWanted) stops.onSending(podId, action, answer)
      if (!isWanted && user.isTakenBack(podId) && !stops.isFreshlyObserved(podId))
        reportViolation(podId, 'what was taken back is never sent', `a ${action} went out`)
    },
    onAction(podId, action) {
      log(podId, `${action} reached the cloud`)
      if (isUserAction.get(podId) === true) stops.onUserAction(podId)
      else stops.onAction(podId, action)
    },
    onDisturbance() {
      user.onDisturbance()
      for (const [, pod] of idleAlerts.pods()) pod.idle = afterDisturbance(pod.idle)
      stops.onDisturbance(null)
    },
    onOutage: () => user.onDisturbance(),
    onCommand(command) {
      const podId = 'podId' in command ? command.podId : null
      idleAlerts.onCommand(podId)
      stops.onDisturbance(podId)
      stops.onCommand(command)
      if (command.type === 'act') user.onRequested(command.podId, command.action)
      if (command.type === 'undo') user.onUndone(command.podId)
    },
    onCommandRefused(command) {
      if (command.type === 'undo') user.onUndoRefused(command.podId)
    },
    onForeign: (text) => reportViolation(null, 'nothing crosses over between accounts', text),
    onHotLoop: () => reportViolation(null, 'nothing runs in a hot loop', 'timers without end'),
    onException: (text) => reportViolation(null, 'nothing throws', text),
    onDecision(podId, text) {
      log(podId, `decided: ${text}`)
      stops.onDecision(podId, text)
    },
    onCrash(isDuringAlerts) {
      kills += 1
      user.onCrash()
      if (isDuringAlerts) idleAlerts.recordPossibleAlerts()
    },
    onRestart() {
      for (const [, pod] of idleAlerts.pods()) pod.idle = emptyTally
      stops.onRestart()
    },
    onWaitingStart: () => (waiting = createWaitingRecord(limits)),
    onObservedByWaiting: (seen) => waiting.onObserved(seen),
    onEnding: () => user.onCrash(),
    onHandOver() {
      stops.onRestart()
      for (const [podId, pod] of idleAlerts.pods()) pod.idle = afterDisturbance(waiting.tallyOf(podId))
      stops.onHandOver(waiting)
    },
  }
}

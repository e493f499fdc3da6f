import type { PodAction } from '../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import { dueCauses, type DueSince, dueWithinMs, monthStartMs, notDue, updateDueSince } from './oracle-due'
import { forbiddenReasonOf } from './oracle-forbidden'
import {
  newQuietRecord,
  quietAtLeastMs,
  quietAtMostMs,
  type QuietRecord,
  recordQuiet,
  resetQuiet,
  resetStrictQuiet,
} from './oracle-quiet'
import {
  areAlertsUndelivered,
  isResetBy,
  missingWarningText,
  type RecordedWarning,
  ROUNDING_MS,
  type WarningCause,
  warningCauseOf,
  wasFirstWarningDelivered,
} from './oracle-warnings'
import { isAutoStopEnabled, keptOn, rulesOf } from './user-commands'
import { isQuietTime } from './quiet-time'
import { noStops, type StopCounts } from './stop-counts'
import type { Observation } from './virtual-provider'
import type { StopOracle, StopOracleOptions } from './stop-oracle'

/* Checks that automatic stops happen when they must and only when they may. See docs/product-rules.md#3-idle-policy. */

const STOPS_PER_HOUR = 3
/** Time limit for answering a fresh poll, which is then acted on immediately. */
const FRESH_MS = 10 * SECOND_MS
const ROUNDING_USD = 1e-6
const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`

interface WatchedPod {
  readonly quiet: QuietRecord
  /** Warnings since the pod was last seen active. */
  warnings: RecordedWarning[]
  last: { readonly observation: Observation; readonly isList: boolean } | null
  actedAtMs: number
  /** A dry-run stop was logged since the pod was last seen active. */
  isRehearsed: boolean
  dueSince: DueSince
}

export function createStopOracle(options: StopOracleOptions): StopOracle {
  const { settings, userState, now, maxSpendUsd, reportViolation } = options
  const pods = new Map<string, WatchedPod>()
  const stoppedAtMs: number[] = []
  const counts: { -readonly [K in keyof StopCounts]: number } = { ...noStops }
  let wasClockSet = false

  function podOf(podId: string): WatchedPod {
    const known = pods.get(podId)
    if (known) return known
    const created: WatchedPod = {
      quiet: newQuietRecord(),
      warnings: [],
      last: null,
      actedAtMs: -Infinity,
      isRehearsed: false,
      dueSince: notDue,
    }
    pods.set(podId, created)
    return created
  }
  const stopAfterMs = (podId: string): number =>
    (rulesOf(userState(), podId).autoStopAfterMin ?? settings().autoStopAfterMin) * MINUTE_MS
  const stopsSince = (trueMs: number): number => stoppedAtMs.filter((atMs) => atMs > trueMs).length

  const forbiddenReason = ({ last }: WatchedPod, action?: PodAction): string | null =>
    forbiddenReasonOf(last?.observation.pod, userState(), settings(), now(), action)
  const missingWarning = ({ warnings }: WatchedPod, cause: WarningCause): string | null =>
    missingWarningText(warnings, cause, settings(), now().trueMs)

  function checkNotRepeated(podId: string): void {
    const pod = podOf(podId)
    if (now().trueMs - pod.actedAtMs < MINUTE_MS)
      reportViolation(podId, 'nothing is sent twice', 'another action was under way')
    pod.actedAtMs = now().trueMs
  }

  function checkStop(podId: string, action: PodAction): void {
    const pod = podOf(podId)
    const { trueMs } = now()
    const rules = rulesOf(userState(), podId)
    const seen = pod.last?.observation
    checkNotRepeated(podId)
    const reason = forbiddenReason(pod, action)
    if (reason !== null) reportViolation(podId, 'nothing is stopped that must not be', reason)
    if (settings().isAutoStopDryRun)
      reportViolation(podId, 'a rehearsal stops nothing', 'it reached the cloud')
    if (!seen || pod.last?.isList === true || trueMs - seen.askedAtMs > FRESH_MS)
      reportViolation(
        podId,
        'an automatic stop follows a fresh look',
        'the last look was a list, or too long ago',
      )

    const ageMs = trueMs - (seen?.pod.startedAtMs ?? trueMs)
    const isOverAge = rules.maxHours !== undefined && ageMs >= rules.maxHours * HOUR_MS - ROUNDING_MS
    const quietMs = quietAtMostMs(pod.quiet)
    const isQuiet = quietMs >= stopAfterMs(podId) - ROUNDING_MS && seen?.sample?.truth === 'calm'
    const missingByCause: Readonly<Record<WarningCause, string | null>> = {
      quiet: isQuiet ? missingWarning(pod, 'quiet') : 'it was not quiet for long enough',
      'max-hours': isOverAge ? missingWarning(pod, 'max-hours') : 'its maximum hours were not over',
      budget: isBudgetSpent(podId) ? missingWarning(pod, 'budget') : 'its budget was not spent',
    }
    const missing = Object.values(missingByCause)
    if (!missing.includes(null))
      reportViolation(
        podId,
        'an automatic stop is due and was warned of',
        `quiet for ${inMinutes(quietMs)} at most, last seen ${seen?.sample?.truth ?? 'never'}; ${missing.join('; ')}`,
      )
    checkTerminate(podId, action, missingByCause['max-hours'])

    stoppedAtMs.push(trueMs)
    counts.automaticStops += 1
    if (missingByCause.quiet !== null && missingByCause['max-hours'] === null) counts.stopsAtMaxHours += 1
    if (missingByCause.quiet !== null && missingByCause['max-hours'] !== null) counts.stopsAtBudget += 1
    if (isQuietTime(settings(), now().wallMs)) counts.stopsInQuietHours += 1
    const withinHour = stopsSince(trueMs - HOUR_MS)
    if (withinHour > STOPS_PER_HOUR)
      reportViolation(
        podId,
        'at most three automatic stops an hour',
        `it was the ${withinHour}th within an hour`,
      )
  }

  /** Budgets are monthly, and both the true month and the month by the computer's clock are acceptable. */
  function isBudgetSpent(podId: string): boolean {
    const { monthlyBudgetUsd, atBudget } = rulesOf(userState(), podId)
    if (monthlyBudgetUsd === undefined || atBudget !== 'stop') return false
    const { trueMs, wallMs } = now()
    const sinceMs = Math.min(monthStartMs(trueMs), monthStartMs(wallMs))
    return maxSpendUsd(podId, sinceMs) >= monthlyBudgetUsd - ROUNDING_USD
  }

  /** A terminate is allowed only at maximum hours, if its owner chose it and certainly received a warning. */
  function checkTerminate(podId: string, action: PodAction, missing: string | null): void {
    if (action === 'stop') return
    const { atMaxHours } = rulesOf(userState(), podId)
    const isWarningDelivered = wasFirstWarningDelivered(
      podOf(podId).warnings,
      'max-hours',
      settings(),
      now().trueMs,
    )
    if (action === 'terminate' && atMaxHours === 'terminate' && missing === null && isWarningDelivered)
      counts.terminated += 1
    else
      reportViolation(
        podId,
        'nothing is terminated by itself',
        `it was a ${action}; chosen: ${atMaxHours ?? 'nothing'}; ${missing ?? 'its maximum hours were over'}; ${isWarningDelivered ? 'heard' : 'no warning was heard'}`,
      )
  }

  /** Checks the same for maximum hours and budgets. */
  function checkDue(podId: string, pod: WatchedPod, observation: Observation): void {
    const { trueMs, wallMs } = now()
    wasClockSet ||= Math.abs(wallMs - trueMs) > 0
    const isUnderWay = trueMs - pod.actedAtMs < 3 * MINUTE_MS
    const isFree =
      !isUnderWay &&
      !areAlertsUndelivered(pod.warnings, trueMs) &&
      forbiddenReason(pod) === null &&
      keptOn(userState(), podId, now()) === 'no'
    const rules = rulesOf(userState(), podId)
    pod.dueSince = updateDueSince(pod.dueSince, { rules, observation, isFree, trueMs, wallMs, wasClockSet })
    if (settings().isAutoStopDryRun) return
    for (const cause of dueCauses) {
      const overdueMs = trueMs - (pod.dueSince[cause] ?? trueMs)
      if (overdueMs < dueWithinMs(settings())) continue
      if (stopsSince(trueMs - HOUR_MS - overdueMs) >= STOPS_PER_HOUR) continue
      reportViolation(
        podId,
        'no automatic stop is missed',
        `the ${cause} made it due ${inMinutes(overdueMs)} ago`,
      )
    }
  }

  /** Checks after each list whether a required stop is overdue. */
  function checkDelay(podId: string, pod: WatchedPod): void {
    const { trueMs } = now()
    const { pollActiveS, isAutoStopDryRun, autoStopFirstWarningMin } = settings()
    const overdueMs = quietAtLeastMs(pod.quiet) - stopAfterMs(podId)
    const canBeStopped = forbiddenReason(pod) === null && keptOn(userState(), podId, now()) === 'no'
    // Whatever blocked the stop, its warnings start over afterwards.
    if (!canBeStopped) resetStrictQuiet(pod.quiet)
    if (!canBeStopped || stopAfterMs(podId) < autoStopFirstWarningMin * MINUTE_MS) return
    // Each warning may be one poll late and its acknowledgment known one poll later; the stop follows.
    const graceMs = 5 * pollActiveS * SECOND_MS + 2 * FRESH_MS
    if (overdueMs < graceMs || (isAutoStopDryRun && pod.isRehearsed)) return
    if (!isAutoStopDryRun && stopsSince(trueMs - HOUR_MS - overdueMs) >= STOPS_PER_HOUR) return
    if (!isAutoStopDryRun && trueMs - pod.actedAtMs < 3 * MINUTE_MS) return
    reportViolation(
      podId,
      'no automatic stop is missed',
      `quiet for ${inMinutes(quietAtLeastMs(pod.quiet))} at least`,
    )
  }

  function checkWarning(podId: string, pod: WatchedPod, cause: WarningCause): void {
    if (!isAutoStopEnabled(userState(), podId))
      reportViolation(podId, 'a warning is about a pod that may be stopped', 'it was not ticked')
    if (keptOn(userState(), podId, now()) === 'confirmed')
      reportViolation(podId, 'a warning is about a pod that may be stopped', 'it was kept on')
    if (cause === 'budget' && rulesOf(userState(), podId).atBudget !== 'stop')
      reportViolation(
        podId,
        'a warning is about a pod that may be stopped',
        'nobody chose that at its budget',
      )
    if (cause === 'quiet' && pod.last?.observation.sample?.truth === 'busy')
      reportViolation(podId, 'a warning is about a pod that is quiet', 'it was busy')
  }

  return {
    counts,
    onObserved(observation, before, after, isList) {
      const { podId } = observation
      const pod = podOf(podId)
      if (after === before) return
      pod.last = { observation, isList }
      recordQuiet(pod.quiet, before, after, observation)
      // Warnings from before the pod was active don't count.
      if (after.startedAtMs !== before.startedAtMs) {
        pod.warnings = []
        pod.dueSince = notDue
      }
      if (after.truth !== 'calm' && after.truth !== 'unknown')
        pod.warnings = pod.warnings.filter(({ cause }) => cause !== 'quiet')
      if (pod.quiet.samples.length <= 1) pod.isRehearsed = false
      if (!isList) return
      checkDelay(podId, pod)
      checkDue(podId, pod, observation)
    },
    onAlertShown(podId, alert, delivery) {
      const cause = warningCauseOf(alert)
      if (cause === null) return
      const pod = podOf(podId)
      checkWarning(podId, pod, cause)
      pod.warnings.push({ atMs: now().trueMs, cause, delivery })
      if (delivery === 'shown') return
      resetStrictQuiet(pod.quiet)
      pod.dueSince = notDue
    },
    onAction(podId, action) {
      const pod = podOf(podId)
      if (quietAtLeastMs(pod.quiet) >= stopAfterMs(podId)) counts.automaticStopsDue += 1
      else if (pod.dueSince.budget !== null) counts.stopsAtBudgetDue += 1
      else if (pod.dueSince['max-hours'] !== null) counts.stopsAtMaxHoursDue += 1
      checkStop(podId, action)
    },
    onDecision(podId, text) {
      const pod = podOf(podId)
      if (!settings().isAutoStopDryRun || !/would have been stopped/.test(text)) return
      counts.rehearsals += 1
      pod.isRehearsed = true
    },
    onRestart() {
      for (const pod of pods.values()) {
        resetQuiet(pod.quiet)
        pod.warnings = []
        pod.last = null
        pod.isRehearsed = false
        pod.dueSince = notDue
      }
    },
    onDisturbance(podId) {
      for (const [id, pod] of pods)
        if (podId === null || id === podId) {
          resetStrictQuiet(pod.quiet)
          pod.dueSince = notDue
        }
    },
    onUserAction(podId) {
      checkNotRepeated(podId)
    },
    isFreshlyObserved(podId) {
      const { last } = podOf(podId)
      return last !== null && !last.isList && now().trueMs - last.observation.askedAtMs <= FRESH_MS
    },
    onCommand(command) {
      if (command.type === 'keep-on') podOf(command.podId).warnings = []
      if (command.type !== 'change-rules') return
      const pod = podOf(command.podId)
      pod.warnings = pod.warnings.filter(({ cause }) => !isResetBy(cause, command.changes))
    },
  }
}

import type { PodAction } from '../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { monthStartMs } from './oracle-due'
import { forbiddenReasonOf } from './oracle-forbidden'
import { isIdle } from './oracle-idle'
import { fromOutside, quietAtMostMs, recordQuiet, resetCertainQuiet, resetQuiet } from './oracle-quiet'
import { createStopsDueOracle } from './oracle-stops-due'
import {
  isResetBy,
  missingWarningText,
  ROUNDING_MS,
  type WarningCause,
  warningCauseOf,
  warningCauses,
  wasFirstWarningDelivered,
} from './oracle-warnings'
import { isAutoStopEnabled, keptOn, rulesOf } from './user-commands'
import { isQuietTime } from './quiet-time'
import { noStops, type StopCounts } from './stop-counts'
import type { StopOracle, StopOracleOptions } from './stop-oracle'
import { newWatchedPod, type WatchedPod } from './watched-pod'

/* Checks that automatic stops happen only when they may. See docs/product-rules.md#3-idle-policy. */

const STOPS_PER_HOUR = 3
/** Time limit for answering a fresh poll, which is then acted on immediately. */
const FRESH_MS = 10 * SECOND_MS
/** A verdict of a look from inside holds for this long. */
const VERDICT_HOLDS_MS = 15 * MINUTE_MS + 30 * SECOND_MS
const ROUNDING_USD = 1e-6
const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`

export function createStopOracle(options: StopOracleOptions): StopOracle {
  const { settings, userState, now, limits, maxSpendUsd, reportViolation } = options
  const pods = new Map<string, WatchedPod>()
  const counts: { -readonly [K in keyof StopCounts]: number } = { ...noStops }
  const stoppedAtMs: number[] = []
  /** What the answers to the actions of this program say of its key. */
  let key: 'unknown' | 'refused' | 'proven' = 'unknown'

  function podOf(podId: string): WatchedPod {
    const known = pods.get(podId)
    if (known) return known
    const created = newWatchedPod()
    pods.set(podId, created)
    return created
  }
  const stopAfterMs = (podId: string): number =>
    (rulesOf(userState(), podId).autoStopAfterMin ?? settings().autoStopAfterMin) * MINUTE_MS
  const forbiddenReason = ({ last }: WatchedPod, cause: WarningCause, action?: PodAction): string | null =>
    forbiddenReasonOf(last?.observation, cause, userState(), settings(), now(), action)
  const stopsDue = createStopsDueOracle(options, { stopAfterMs, forbiddenReason })
  function missingWarning({ warnings, failedAtMs }: WatchedPod, cause: WarningCause): string | null {
    const { trueMs } = now()
    const hasNewWarning = warnings.some((one) => one.cause === cause && one.atMs >= failedAtMs)
    const missing = missingWarningText(warnings, cause, settings(), trueMs)
    // While the key may do nothing, one warning is enough.
    return missing ?? (hasNewWarning || key === 'refused' ? null : 'a retry was not warned of')
  }

  function checkNotRepeated(podId: string): void {
    const pod = podOf(podId)
    if (now().trueMs - pod.actedAtMs < MINUTE_MS)
      reportViolation(podId, 'nothing is sent twice', 'another action was under way')
    pod.actedAtMs = now().trueMs
  }

  const hasRestVerdict = ({ look }: WatchedPod): boolean =>
    look?.verdict === 'at-rest' && now().trueMs - look.atMs <= VERDICT_HOLDS_MS

  /** Why the pod was not quiet for long enough; null if it may have been. */
  function notQuietText(podId: string, pod: WatchedPod): string | null {
    const isLowCpuIdle = rulesOf(userState(), podId).isLowCpuIdle === true
    const leniency = hasRestVerdict(pod)
      ? { isUnclearQuiet: true, isMemoryIgnored: true }
      : { ...fromOutside, isUnclearQuiet: isLowCpuIdle }
    const { truth } = pod
    if (!isIdle(truth) || truth === 'active' || (truth === 'unclear' && !leniency.isUnclearQuiet))
      return `it was last seen ${truth}`
    const quietMs = quietAtMostMs(pod.quiet, leniency, limits)
    return quietMs >= stopAfterMs(podId) - ROUNDING_MS ? null : `quiet for ${inMinutes(quietMs)} at most`
  }

  /** Checks an automatic action before it is sent, and returns what it lacks for each cause. */
  function checkStop(podId: string, action: PodAction): Readonly<Record<WarningCause, string | null>> {
    const pod = podOf(podId)
    const { trueMs } = now()
    const rules = rulesOf(userState(), podId)
    const seen = pod.last?.observation
    const reasons = warningCauses.map((cause) => forbiddenReason(pod, cause, action))
    if (!reasons.includes(null))
      reportViolation(podId, 'nothing is stopped that must not be', reasons[0] ?? '')
    if (settings().isAutoStopDryRun) reportViolation(podId, 'a dry run stops nothing', 'it reached the cloud')
    if (!seen || pod.last?.isList === true || trueMs - seen.askedAtMs > FRESH_MS)
      reportViolation(
        podId,
        'an automatic stop follows a fresh look',
        'the last look was a list, or too long ago',
      )

    const ageMs = trueMs - (seen?.pod.startedAtMs ?? trueMs)
    const isOverAge = rules.maxHours !== undefined && ageMs >= rules.maxHours * HOUR_MS - ROUNDING_MS
    const lacks = (cause: WarningCause, notDueText: string | null): string | null =>
      forbiddenReason(pod, cause, action) ?? notDueText ?? missingWarning(pod, cause)
    const missingByCause = {
      quiet: lacks('quiet', notQuietText(podId, pod)),
      'max-hours': lacks('max-hours', isOverAge ? null : 'its maximum hours were not over'),
      budget: lacks('budget', isBudgetSpent(podId) ? null : 'its budget was not spent'),
    }
    const missing = Object.values(missingByCause)
    if (!missing.includes(null))
      reportViolation(podId, 'an automatic stop is due and was warned of', missing.join('; '))
    checkTerminate(podId, action, missingByCause['max-hours'])
    return missingByCause
  }

  function countStop(podId: string, missingByCause: Readonly<Record<WarningCause, string | null>>): void {
    const pod = podOf(podId)
    const { trueMs, wallMs } = now()
    stoppedAtMs.push(trueMs)
    counts.automaticStops += 1
    if (missingByCause.quiet !== null && missingByCause['max-hours'] === null) counts.stopsAtMaxHours += 1
    if (missingByCause.quiet !== null && missingByCause['max-hours'] !== null) counts.stopsAtBudget += 1
    const isCertain = quietAtMostMs(pod.quiet, fromOutside, limits) >= stopAfterMs(podId)
    if (missingByCause.quiet === null && !isCertain && hasRestVerdict(pod)) counts.stopsAfterLook += 1
    if (isQuietTime(settings(), wallMs)) counts.stopsInQuietHours += 1
    const withinHour = stoppedAtMs.filter((atMs) => trueMs - atMs < HOUR_MS).length
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
    if (action !== 'terminate' || atMaxHours !== 'terminate' || missing !== null || !isWarningDelivered)
      reportViolation(
        podId,
        'nothing is terminated automatically',
        `it was a ${action}; chosen: ${atMaxHours ?? 'nothing'}; ${missing ?? 'its maximum hours were over'}; ${isWarningDelivered ? 'heard' : 'no warning was heard'}`,
      )
  }

  function checkWarning(podId: string, pod: WatchedPod, cause: WarningCause): void {
    const rule = 'a warning is about a pod that may be stopped'
    if (cause === 'quiet' && !isAutoStopEnabled(userState(), podId))
      reportViolation(podId, rule, 'it was not ticked')
    if (keptOn(userState(), podId, now()) === 'confirmed') reportViolation(podId, rule, 'it was kept on')
    if (cause === 'budget' && rulesOf(userState(), podId).atBudget !== 'stop')
      reportViolation(podId, rule, 'nobody chose that at its budget')
    if (cause === 'quiet' && pod.truth === 'busy')
      reportViolation(podId, 'a warning is about a pod that is quiet', 'it was busy')
  }

  return {
    counts,
    get liveness() {
      return stopsDue.figures()
    },
    onObserved(observation, before, after, isList) {
      const { podId } = observation
      const pod = podOf(podId)
      if (after === before) return
      pod.last = { observation, isList }
      pod.truth = after.truth
      recordQuiet(pod.quiet, before, after, observation, limits)
      // Whoever found work inside need not believe figures that show none.
      if (pod.look?.verdict === 'working' && now().trueMs - pod.look.atMs <= VERDICT_HOLDS_MS)
        resetCertainQuiet(pod.quiet)
      if (observation.sample?.isWorking === true) pod.workedAtMs = observation.askedAtMs
      // Warnings from before the pod was active or was started again don't count.
      if (after.startedAtMs !== before.startedAtMs) {
        pod.warnings = []
        pod.look = null
        pod.hadLimitDryRun = false
        pod.failedAtMs = -Infinity
      }
      if (after.truth === 'busy' || after.truth === 'active' || after.truth === 'not-running')
        pod.warnings = pod.warnings.filter(({ cause }) => cause !== 'quiet')
      if (pod.quiet.samples.length <= 1) pod.hadDryRun = false
      stopsDue.onObserved(podId, pod, after, isList)
    },
    onAlertShown(podId, alert, delivery) {
      const cause = warningCauseOf(alert)
      if (cause === null) return
      const pod = podOf(podId)
      checkWarning(podId, pod, cause)
      const isFirst = alert.key.episode.endsWith(':first')
      const warning = { atMs: now().trueMs, cause, delivery, isFirst, knownAtMs: null }
      pod.warnings.push(warning)
      stopsDue.onWarning(podId, pod, warning)
    },
    onSending(podId, action, { failure, isUnclear }) {
      const pod = podOf(podId)
      pod.missingByCause = checkStop(podId, action)
      if (failure === null) key = 'proven'
      else if (failure === 'forbidden' && key === 'unknown') key = 'refused'
      if (failure === null) return
      counts.failedStops += 1
      stopsDue.onFailure(podId, pod, isUnclear)
      pod.failedAtMs = now().trueMs
    },
    onAction(podId, action) {
      const pod = podOf(podId)
      if (action === 'terminate') counts.terminated += 1
      stopsDue.onStop(podId, pod, counts)
      checkNotRepeated(podId)
      if (pod.missingByCause !== null) countStop(podId, pod.missingByCause)
    },
    onLook(podId, verdict) {
      podOf(podId).look = { atMs: now().trueMs, verdict }
    },
    onDecision(podId, text) {
      const pod = podOf(podId)
      if (!settings().isAutoStopDryRun || !/would have been (stopped|terminated)/.test(text)) return
      counts.dryRuns += 1
      pod.hadDryRun = true
      stopsDue.onDryRun(podId)
      pod.hadLimitDryRun = true
    },
    onRestart() {
      key = 'unknown'
      for (const pod of pods.values()) {
        resetQuiet(pod.quiet)
        pod.warnings = []
        pod.last = null
        pod.truth = 'unknown'
        pod.look = null
        pod.hadDryRun = false
        pod.hadLimitDryRun = false
      }
      for (const [podId, pod] of pods) stopsDue.onDisturbance(podId, pod, false)
      stopsDue.onClockDisturbance(true)
    },
    onHandOver(waiting) {
      for (const [podId, pod] of pods) {
        const { quiet, last } = waiting.podOf(podId)
        pod.quiet = quiet
        pod.last = last === null ? null : { observation: last, isList: true }
        pod.truth = waiting.tallyOf(podId).truth
        resetCertainQuiet(quiet)
        stopsDue.onDisturbance(podId, pod, false)
      }
    },
    onDisturbance(podId) {
      for (const [id, pod] of pods) {
        if (podId !== null && id !== podId) continue
        resetCertainQuiet(pod.quiet)
        stopsDue.onDisturbance(id, pod, podId !== null)
      }
      if (podId === null) stopsDue.onClockDisturbance(false)
    },
    onUserAction(podId) {
      key = 'proven'
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

import type { PodAction } from '../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { type DuePod, forEachCause, newDuePod } from './due-pod'
import { leftAtMostMs } from './oracle-due'
import { type IdleTally, TOLERANCE_MS } from './oracle-idle'
import { type Liveness, missedText, notDue, unsureLiveness, updateLiveness } from './oracle-liveness'
import { isHeldByMemory, isWarningObsolete, movedMsOf } from './oracle-memory'
import { fromOutside, quietAtLeastMs, quietAtMostMs, resetCertainQuiet } from './oracle-quiet'
import {
  areAlertsUndelivered,
  type RecordedWarning,
  type WarningCause,
  warningCauses,
} from './oracle-warnings'
import { keptOn, rulesOf } from './user-commands'
import { addLiveness, type LivenessFigures, noLiveness, type StopCounts } from './stop-counts'
import type { StopOracleOptions } from './stop-oracle'
import type { WatchedPod } from './watched-pod'

/*
 * Checks that automatic stops happen when they must, each with at most two warnings. See
 * docs/product-rules.md#35-stops-must-happen.
 */

const STOPS_PER_HOUR = 3
const WARNINGS_PER_STOP = 2
/** How long a look from inside and its warnings may take once everything else makes a stop due. */
const LOOK_WITHIN_MS = 30 * MINUTE_MS
/** A verdict of a look from inside holds for 15 min, and what it led to for a gap longer. */
const LOOK_HOLDS_MS = 25 * MINUTE_MS
/** What an action takes, until another one may follow. */
const UNDER_WAY_MS = 3 * MINUTE_MS
/** An action that a user asked for may be retried for this long. */
const REQUEST_OPEN_MS = 13 * MINUTE_MS
/** The longest pause between two attempts of a stop that keeps failing. */
const LONGEST_BACKOFF_MS = 2 * HOUR_MS + 10 * MINUTE_MS

export interface StopsDueOracle {
  /** The pod's record has just taken in an observation. */
  onObserved(podId: string, pod: WatchedPod, tally: IdleTally, isList: boolean): void
  onWarning(podId: string, pod: WatchedPod, warning: RecordedWarning): void
  /** A stop of a dry run would have been made. Warnings after that precede the next one. */
  onDryRun(podId: string): void
  /** An automatic stop failed, or (`isUnclear`) may have. */
  onFailure(podId: string, pod: WatchedPod, isUnclear: boolean): void
  /** An automatic action took effect; adds to `counts`. */
  onStop(podId: string, pod: WatchedPod, counts: { -readonly [K in keyof StopCounts]: number }): void
  /** The rules don't say for a while whether the pod is stopped. `isRequest`: its owner asked for something. */
  onDisturbance(podId: string, pod: WatchedPod, isRequest: boolean): void
  /** The computer slept, its clock was set, or the program starts. */
  onClockDisturbance(isRestart: boolean): void
  figures(): LivenessFigures
}

export function createStopsDueOracle(
  options: StopOracleOptions,
  facts: {
    readonly stopAfterMs: (podId: string) => number
    readonly forbiddenReason: (pod: WatchedPod, cause: WarningCause, action?: PodAction) => string | null
  },
): StopsDueOracle {
  const { settings, userState, now, limits, reportViolation } = options
  const { stopAfterMs, forbiddenReason } = facts
  const duePods = new Map<string, DuePod>()
  /** Automatic stops that took effect, or may have. */
  const sentAtMs: number[] = []
  let [runSinceMs, disturbedAtMs] = [-Infinity, -Infinity]
  let figures = noLiveness

  function duePodOf(podId: string): DuePod {
    const known = duePods.get(podId)
    if (known) return known
    const created = newDuePod(now().trueMs)
    duePods.set(podId, created)
    return created
  }

  function reset(podId: string, pod: WatchedPod, due: DuePod): void {
    const unsure = unsureLiveness(now().trueMs)
    // Before its first warning a program has no plan that may continue.
    const quietMs = quietAtMostMs(pod.quiet, { isUnclearQuiet: true, isMemoryIgnored: true }, options.limits)
    const isPlanned = quietMs >= stopAfterMs(podId) - settings().autoStopFirstWarningMin * MINUTE_MS
    due.byCause = { ...forEachCause(unsure), quiet: isPlanned ? unsure : notDue }
    due.warnings = forEachCause([])
    due.lookDueSinceMs = null
    due.quietWarning = null
  }

  /** A first warning of another stop, after what was warned of before did not come. */
  function checkNotCreeping(podId: string, pod: WatchedPod, due: DuePod): void {
    const { trueMs } = now()
    const isLookedInto = pod.look !== null && trueMs - pod.look.atMs <= LOOK_HOLDS_MS
    const isDecided = isLookedInto || rulesOf(userState(), podId).isLowCpuIdle === true
    const quietMs = quietAtMostMs(pod.quiet, { ...fromOutside, isUnclearQuiet: true }, limits)
    const isStill = quietMs >= stopAfterMs(podId) - TOLERANCE_MS
    if (isHeldByMemory(pod, due, limits)) {
      due.warnings.quiet = []
      if (!isDecided && !isStill && !isWarningObsolete(pod, due, options))
        reportViolation(podId, 'memory that creeps holds a stop', 'it was warned of again')
    }
    due.quietWarning = { atMs: trueMs, movedMs: movedMsOf(pod, limits) }
  }

  /** After a restart, what an earlier run sent counts for longer. */
  function isLimitReached(): boolean {
    const { trueMs } = now()
    const withinMs = (trueMs - runSinceMs < 2 * HOUR_MS ? 3 : 1) * HOUR_MS + 3 * MINUTE_MS
    return sentAtMs.filter((atMs) => trueMs - atMs < withinMs).length >= STOPS_PER_HOUR
  }

  function isFree(podId: string, pod: WatchedPod, cause: WarningCause): boolean {
    const { trueMs } = now()
    return (
      trueMs - pod.actedAtMs >= UNDER_WAY_MS &&
      !areAlertsUndelivered(pod.warnings, trueMs) &&
      forbiddenReason(pod, cause) === null &&
      keptOn(userState(), podId, now()) === 'no'
    )
  }

  function leftMs(podId: string, pod: WatchedPod, cause: WarningCause, tally: IdleTally): number | null {
    const { trueMs, wallMs } = now()
    const rules = rulesOf(userState(), podId)
    const seen = pod.last?.observation
    if (seen === undefined) return null
    if (cause === 'quiet') return stopAfterMs(podId) - quietAtLeastMs(pod.quiet, rules.isLowCpuIdle === true)
    if (Math.abs(wallMs - trueMs) >= 1) return null
    return leftAtMostMs(cause, {
      rules,
      tally,
      hasStartTime: seen.known.hasStartTime,
      costPerHourUsd: seen.known.hasCost ? seen.pod.costPerHourUsd : null,
      disturbedAtMs,
      trueMs,
      wallMs,
    })
  }

  /** Whether a plan from before a disturbance is certainly over. */
  function isSure(
    { quiet }: WatchedPod,
    cause: WarningCause,
    { unsureSinceMs }: Liveness,
    causeLeftMs: number | null,
  ): boolean {
    if (cause === 'quiet') return (quiet.samples[0]?.atMs ?? -Infinity) > (unsureSinceMs ?? -Infinity)
    const warnedMs = (settings().autoStopFirstWarningMin + 1) * MINUTE_MS
    return cause === 'max-hours' && causeLeftMs !== null && causeLeftMs > warnedMs
  }

  /** Memory that moved after a warning holds the stop, unless it moved so little that the plan continues. */
  function livenessBefore(pod: WatchedPod, due: DuePod, cause: WarningCause): Liveness {
    const before = due.byCause[cause]
    if (cause !== 'quiet' || before.unsureSinceMs !== null || !isHeldByMemory(pod, due, limits)) return before
    return { ...unsureLiveness(now().trueMs), dueSinceMs: before.dueSinceMs }
  }

  function checkCause(podId: string, pod: WatchedPod, cause: WarningCause, tally: IdleTally): void {
    const due = duePodOf(podId)
    const before = livenessBefore(pod, due, cause)
    const { autoStopFirstWarningMin, isAutoStopDryRun } = settings()
    if (now().trueMs < due.suspendedUntilMs) return
    const canBeStopped = isFree(podId, pod, cause)
    if (!canBeStopped && cause === 'quiet') resetCertainQuiet(pod.quiet)
    const isTooShort = cause === 'quiet' && stopAfterMs(podId) <= autoStopFirstWarningMin * MINUTE_MS
    if (isAutoStopDryRun && (cause === 'quiet' ? pod.hadDryRun : pod.hadLimitDryRun)) return
    // Without figures nothing says that the pod is quiet; whatever was due is on hold.
    if (cause === 'quiet' && canBeStopped && tally.truth === 'unknown') return
    const causeLeftMs = canBeStopped && !isTooShort ? leftMs(podId, pod, cause, tally) : null
    if (causeLeftMs === null) due.warnings[cause] = []
    if (cause === 'quiet' && causeLeftMs === null) due.quietWarning = null
    const after = updateLiveness(before, {
      leftMs: causeLeftMs,
      warnings: due.warnings[cause],
      settings: settings(),
      pollMs: options.pollMs,
      isSure: isSure(pod, cause, before, causeLeftMs),
      trueMs: now().trueMs,
    })
    // A limit postpones a stop and no warning.
    const isHeld = isLimitReached()
    due.byCause[cause] = isHeld ? { ...after, stopLists: 0 } : after
    if (after.stopLists === 1 && before.stopLists === 0 && cause === 'quiet' && !isHeld && !isAutoStopDryRun)
      figures = addLiveness(figures, { ...noLiveness, due: 1 })
    const missed = missedText(due.byCause[cause])
    if (missed !== null) reportViolation(podId, 'no automatic stop is missed', `${cause}: ${missed}`)
  }

  /** A pod whose CPU is undecided is stopped after a look that finds it at rest. */
  function checkLook(podId: string, pod: WatchedPod): void {
    const due = duePodOf(podId)
    const { trueMs } = now()
    const { lenient } = pod.quiet
    const isDue =
      lenient !== null &&
      lenient.countedMs >= stopAfterMs(podId) &&
      stopAfterMs(podId) > settings().autoStopFirstWarningMin * MINUTE_MS &&
      pod.workedAtMs < lenient.sinceMs - 2 * MINUTE_MS &&
      options.isHostKeyTrusted(podId) &&
      trueMs >= due.suspendedUntilMs &&
      isFree(podId, pod, 'quiet') &&
      !isLimitReached() &&
      !(settings().isAutoStopDryRun && pod.hadDryRun)
    due.lookDueSinceMs = isDue ? (due.lookDueSinceMs ?? trueMs) : null
    if (due.lookDueSinceMs !== null && trueMs - due.lookDueSinceMs > LOOK_WITHIN_MS)
      reportViolation(podId, 'no automatic stop is missed', 'a look from inside would have found it at rest')
  }

  return {
    onObserved(podId, pod, tally, isList) {
      const due = duePodOf(podId)
      const quietSinceMs = pod.quiet.lenient?.sinceMs ?? null
      // Another window of quiet time is another plan.
      if (quietSinceMs !== due.quietSinceMs) due.warnings.quiet = []
      due.quietSinceMs = quietSinceMs
      const isGap = tally.lastAtMs - due.seenAtMs > options.limits.gapMs
      // A container that crashed is a restart as well.
      const hasFallen = tally.uptimeS !== null && due.uptimeS !== null && tally.uptimeS < due.uptimeS
      const isOtherRun = tally.startedAtMs !== due.startedAtMs || hasFallen
      due.seenAtMs = tally.lastAtMs
      due.startedAtMs = tally.startedAtMs
      due.uptimeS = tally.uptimeS
      if (isGap || isOtherRun || tally.truth === 'not-running') reset(podId, pod, due)
      if (!isList) {
        // The list was good enough, and the fresh read was not.
        const { quiet } = due.byCause
        if (tally.truth === 'unknown' && quiet.stopLists > 0)
          due.byCause.quiet = { ...quiet, stopLists: quiet.stopLists - 1 }
        return
      }
      const { trueMs } = now()
      for (const cause of warningCauses) {
        due.warnings[cause] = due.warnings[cause].map((one) => ({
          ...one,
          knownAtMs: one.knownAtMs ?? trueMs,
        }))
        checkCause(podId, pod, cause, tally)
      }
      checkLook(podId, pod)
    },
    onWarning(podId, pod, warning) {
      const { cause } = warning
      const due = duePodOf(podId)
      if (warning.delivery !== 'shown') {
        resetCertainQuiet(pod.quiet)
        reset(podId, pod, due)
        return
      }
      if (cause === 'quiet' && warning.isFirst === true) checkNotCreeping(podId, pod, due)
      due.warnings[cause] = [...due.warnings[cause], warning]
      const shown = due.warnings[cause].length
      if (shown > WARNINGS_PER_STOP)
        reportViolation(podId, 'at most two warnings precede a stop', `${cause}: ${shown}`)
    },
    onDryRun(podId) {
      duePodOf(podId).warnings = forEachCause([])
    },
    onFailure(podId, pod, isUnclear) {
      if (isUnclear) sentAtMs.push(now().trueMs)
      const due = duePodOf(podId)
      if (due.byCause.quiet.stopLists > 0) figures = addLiveness(figures, { ...noLiveness, refused: 1 })
      reset(podId, pod, due)
      due.suspendedUntilMs = now().trueMs + LONGEST_BACKOFF_MS
    },
    onStop(podId, pod, counts) {
      const due = duePodOf(podId)
      const { trueMs } = now()
      const { quiet, budget, 'max-hours': maxHours } = due.byCause
      const { certain } = pod.quiet
      sentAtMs.push(trueMs)
      if (quiet.stopLists > 0) {
        counts.automaticStopsDue += 1
        const ruleMs = stopAfterMs(podId)
        figures = addLiveness(figures, {
          ...noLiveness,
          made: 1,
          latestPolls: quiet.stopLists - 1,
          latestShare: (trueMs - (quiet.dueSinceMs ?? trueMs)) / ruleMs,
          latestShareSinceQuiet: (trueMs - (certain?.sinceMs ?? trueMs) - ruleMs) / ruleMs,
          warnings: due.warnings.quiet.length,
        })
      } else if (budget.dueSinceMs !== null) counts.stopsAtBudgetDue += 1
      else if (maxHours.dueSinceMs !== null) counts.stopsAtMaxHoursDue += 1
      reset(podId, pod, due)
    },
    onDisturbance(podId, pod, isRequest) {
      const due = duePodOf(podId)
      reset(podId, pod, due)
      if (!isRequest) return
      due.suspendedUntilMs = Math.max(due.suspendedUntilMs, now().trueMs + REQUEST_OPEN_MS)
    },
    onClockDisturbance(isRestart) {
      disturbedAtMs = now().trueMs
      if (isRestart) runSinceMs = disturbedAtMs
    },
    figures: () => figures,
  }
}

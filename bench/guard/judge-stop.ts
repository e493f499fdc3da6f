import type { PodAction } from '../../src/core/pods/pod'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { Settings } from '../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import { dueCauses, type DueSince, dueWithinMs, monthStartMs, notDue, withList } from './judge-due'
import { whyForbidden } from './judge-forbidden'
import type { IdleTally } from './judge-idle'
import {
  doubtQuiet,
  forget,
  newQuietRecord,
  noteQuiet,
  quietAtLeastMs,
  quietAtMostMs,
  type QuietRecord,
} from './judge-quiet'
import {
  type Cause,
  causeOf,
  isDeaf,
  isVoidBy,
  lackOf,
  ROUNDING_MS,
  type Warned,
  wasFirstHeard,
} from './judge-warnings'
import { isTicked, keptOn, type Order, rulesOf, type Told } from './orders'
import { isQuietTime } from './quiet-time'
import { noStops, type StopCounts } from './stop-counts'
import type { Observation } from './virtual-provider'

/*
 * Says whether automatic stops came as they may and must, by the product rules, "Idle policy".
 */

const STOPS_PER_HOUR = 3
/** A fresh look is answered within so much, and acted on at once. */
const FRESH_MS = 10 * SECOND_MS
const ROUNDING_USD = 1e-6

export interface StopJudge {
  /** A look has just changed what is known of the pod's idleness. */
  observed(observation: Observation, before: IdleTally, after: IdleTally, isList: boolean): void
  shown(podId: string, alert: Alert, delivery: Delivery): void
  /** By itself. */
  acted(podId: string, action: PodAction): void
  /** As a person asked for. */
  actedForPerson(podId: string): void
  /** The newest look at the pod was a request of its own, just now. */
  isSeenAfresh(podId: string): boolean
  /** What a person tells makes void what its pods were warned of before. */
  ordered(order: Order): void
  /** A decision that was written down. */
  decided(podId: string, text: string): void
  /** Null: every pod. Something after which the rules leave open when a stop must come. */
  troubled(podId: string | null): void
  /** The program begins anew: it has seen nothing, and warned of nothing. */
  restarted(): void
  readonly counts: StopCounts
}

export interface StopJudgeOptions {
  readonly settings: () => Settings
  readonly told: () => Told
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  /** What the pod can have cost since then (true time) at most, in truth. */
  readonly spentAtMostUsd: (podId: string, sinceMs: number) => number
  readonly condemn: (podId: string | null, rule: string, words: string) => void
}

interface WatchedPod {
  readonly quiet: QuietRecord
  /** Since the pod was last seen to do anything. */
  warnings: Warned[]
  last: { readonly observation: Observation; readonly isList: boolean } | null
  actedAtMs: number
  /** Since it was last seen to do anything, it was written down that it would have been stopped. */
  isRehearsed: boolean
  dueSince: DueSince
}

export function createStopJudge(options: StopJudgeOptions): StopJudge {
  const { settings, told, now, spentAtMostUsd, condemn } = options
  const pods = new Map<string, WatchedPod>()
  const stoppedAtMs: number[] = []
  const counts: { -readonly [K in keyof StopCounts]: number } = { ...noStops }
  let wasClockSet = false

  function podOf(podId: string): WatchedPod {
    const known = pods.get(podId)
    if (known) return known
    const fresh: WatchedPod = {
      quiet: newQuietRecord(),
      warnings: [],
      last: null,
      actedAtMs: -Infinity,
      isRehearsed: false,
      dueSince: notDue,
    }
    pods.set(podId, fresh)
    return fresh
  }
  const stopAfterMs = (podId: string): number =>
    (rulesOf(told(), podId).autoStopAfterMin ?? settings().autoStopAfterMin) * MINUTE_MS
  const stopsSince = (trueMs: number): number => stoppedAtMs.filter((atMs) => atMs > trueMs).length

  const forbids = ({ last }: WatchedPod, action?: PodAction): string | null =>
    whyForbidden(last?.observation.pod, told(), settings(), now(), action)
  const lacksWarning = ({ warnings }: WatchedPod, cause: Cause): string | null =>
    lackOf(warnings, cause, settings(), now().trueMs)

  function notTwice(podId: string): void {
    const pod = podOf(podId)
    if (now().trueMs - pod.actedAtMs < MINUTE_MS)
      condemn(podId, 'nothing is sent twice', 'another action was under way')
    pod.actedAtMs = now().trueMs
  }

  function judgeStop(podId: string, action: PodAction): void {
    const pod = podOf(podId)
    const { trueMs } = now()
    const rules = rulesOf(told(), podId)
    const seen = pod.last?.observation
    notTwice(podId)
    const why = forbids(pod, action)
    if (why !== null) condemn(podId, 'nothing is stopped that must not be', why)
    if (settings().isAutoStopDryRun) condemn(podId, 'a rehearsal stops nothing', 'it reached the cloud')
    if (!seen || pod.last?.isList === true || trueMs - seen.askedAtMs > FRESH_MS)
      condemn(podId, 'an automatic stop follows a fresh look', 'the last look was a list, or too long ago')

    const ageMs = trueMs - (seen?.pod.startedAtMs ?? trueMs)
    const isOverAge = rules.maxHours !== undefined && ageMs >= rules.maxHours * HOUR_MS - ROUNDING_MS
    const quietMs = quietAtMostMs(pod.quiet)
    const isQuiet = quietMs >= stopAfterMs(podId) - ROUNDING_MS && seen?.look?.truth === 'calm'
    const lacksOf: Readonly<Record<Cause, string | null>> = {
      quiet: isQuiet ? lacksWarning(pod, 'quiet') : 'it was not quiet for long enough',
      'max-hours': isOverAge ? lacksWarning(pod, 'max-hours') : 'its maximum hours were not over',
      budget: isBudgetSpent(podId) ? lacksWarning(pod, 'budget') : 'its budget was not spent',
    }
    const lacks = Object.values(lacksOf)
    if (!lacks.includes(null))
      condemn(
        podId,
        'an automatic stop is due and was warned of',
        `quiet for ${inMinutes(quietMs)} at most, last seen ${seen?.look?.truth ?? 'never'}; ${lacks.join('; ')}`,
      )
    judgeTerminate(podId, action, lacksOf['max-hours'])

    stoppedAtMs.push(trueMs)
    counts.automaticStops += 1
    if (lacksOf.quiet !== null && lacksOf['max-hours'] === null) counts.stopsAtMaxHours += 1
    if (lacksOf.quiet !== null && lacksOf['max-hours'] !== null) counts.stopsAtBudget += 1
    if (isQuietTime(settings(), now().wallMs)) counts.stopsInQuietHours += 1
    const withinHour = stopsSince(trueMs - HOUR_MS)
    if (withinHour > STOPS_PER_HOUR)
      condemn(podId, 'at most three automatic stops an hour', `it was the ${withinHour}th within an hour`)
  }

  /** Its budget is one of a month, and the month may be the true one, or the one that the computer's clock shows. */
  function isBudgetSpent(podId: string): boolean {
    const { monthlyBudgetUsd, atBudget } = rulesOf(told(), podId)
    if (monthlyBudgetUsd === undefined || atBudget !== 'stop') return false
    const { trueMs, wallMs } = now()
    const sinceMs = Math.min(monthStartMs(trueMs), monthStartMs(wallMs))
    return spentAtMostUsd(podId, sinceMs) >= monthlyBudgetUsd - ROUNDING_USD
  }

  /** For maximum hours only, where its owner chose it, and was surely warned of it, whatever may be done unheard. */
  function judgeTerminate(podId: string, action: PodAction, lacks: string | null): void {
    if (action === 'stop') return
    const { atMaxHours } = rulesOf(told(), podId)
    const isHeard = wasFirstHeard(podOf(podId).warnings, 'max-hours', settings(), now().trueMs)
    if (action === 'terminate' && atMaxHours === 'terminate' && lacks === null && isHeard)
      counts.terminated += 1
    else
      condemn(
        podId,
        'nothing is terminated by itself',
        `it was a ${action}; chosen: ${atMaxHours ?? 'nothing'}; ${lacks ?? 'its maximum hours were over'}; ${isHeard ? 'heard' : 'no warning was heard'}`,
      )
  }

  /** The same of maximum hours and budgets. */
  function judgeDue(podId: string, pod: WatchedPod, observation: Observation): void {
    const { trueMs, wallMs } = now()
    wasClockSet ||= Math.abs(wallMs - trueMs) > 0
    const isUnderWay = trueMs - pod.actedAtMs < 3 * MINUTE_MS
    const isFree =
      !isUnderWay &&
      !isDeaf(pod.warnings, trueMs) &&
      forbids(pod) === null &&
      keptOn(told(), podId, now()) === 'no'
    const rules = rulesOf(told(), podId)
    pod.dueSince = withList(pod.dueSince, { rules, observation, isFree, trueMs, wallMs, wasClockSet })
    if (settings().isAutoStopDryRun) return
    for (const cause of dueCauses) {
      const overdueMs = trueMs - (pod.dueSince[cause] ?? trueMs)
      if (overdueMs < dueWithinMs(settings())) continue
      if (stopsSince(trueMs - HOUR_MS - overdueMs) >= STOPS_PER_HOUR) continue
      condemn(podId, 'no automatic stop is missed', `the ${cause} made it due ${inMinutes(overdueMs)} ago`)
    }
  }

  /** After each list: whether a stop had to come by now, and did not. */
  function judgeDelay(podId: string, pod: WatchedPod): void {
    const { trueMs } = now()
    const { pollActiveS, isAutoStopDryRun, autoStopFirstWarningMin } = settings()
    const overdueMs = quietAtLeastMs(pod.quiet) - stopAfterMs(podId)
    const canBeStopped = forbids(pod) === null && keptOn(told(), podId, now()) === 'no'
    // Whatever stood in the way, its warnings begin anew after it.
    if (!canBeStopped) doubtQuiet(pod.quiet)
    if (!canBeStopped || stopAfterMs(podId) < autoStopFirstWarningMin * MINUTE_MS) return
    // Either warning comes a poll late and is known to be heard a poll later; then comes the stop.
    const graceMs = 5 * pollActiveS * SECOND_MS + 2 * FRESH_MS
    if (overdueMs < graceMs || (isAutoStopDryRun && pod.isRehearsed)) return
    if (!isAutoStopDryRun && stopsSince(trueMs - HOUR_MS - overdueMs) >= STOPS_PER_HOUR) return
    if (!isAutoStopDryRun && trueMs - pod.actedAtMs < 3 * MINUTE_MS) return
    condemn(
      podId,
      'no automatic stop is missed',
      `quiet for ${inMinutes(quietAtLeastMs(pod.quiet))} at least`,
    )
  }

  function judgeWarning(podId: string, pod: WatchedPod, cause: Cause): void {
    if (!isTicked(told(), podId))
      condemn(podId, 'a warning is about a pod that may be stopped', 'it was not ticked')
    if (keptOn(told(), podId, now()) === 'surely')
      condemn(podId, 'a warning is about a pod that may be stopped', 'it was kept on')
    if (cause === 'budget' && rulesOf(told(), podId).atBudget !== 'stop')
      condemn(podId, 'a warning is about a pod that may be stopped', 'nobody chose that at its budget')
    if (cause === 'quiet' && pod.last?.observation.look?.truth === 'busy')
      condemn(podId, 'a warning is about a pod that is quiet', 'it was busy')
  }

  return {
    counts,
    observed(observation, before, after, isList) {
      const { podId } = observation
      const pod = podOf(podId)
      if (after === before) return
      pod.last = { observation, isList }
      noteQuiet(pod.quiet, before, after, observation)
      // Whatever it did since, it was not warned of that.
      if (after.startedAtMs !== before.startedAtMs) {
        pod.warnings = []
        pod.dueSince = notDue
      }
      if (after.truth !== 'calm' && after.truth !== 'unknown')
        pod.warnings = pod.warnings.filter(({ cause }) => cause !== 'quiet')
      if (pod.quiet.looks.length <= 1) pod.isRehearsed = false
      if (!isList) return
      judgeDelay(podId, pod)
      judgeDue(podId, pod, observation)
    },
    shown(podId, alert, delivery) {
      const cause = causeOf(alert)
      if (cause === null) return
      const pod = podOf(podId)
      judgeWarning(podId, pod, cause)
      pod.warnings.push({ atMs: now().trueMs, cause, delivery })
      if (delivery === 'shown') return
      doubtQuiet(pod.quiet)
      pod.dueSince = notDue
    },
    acted(podId, action) {
      const pod = podOf(podId)
      if (quietAtLeastMs(pod.quiet) >= stopAfterMs(podId)) counts.automaticStopsDue += 1
      else if (pod.dueSince.budget !== null) counts.stopsAtBudgetDue += 1
      else if (pod.dueSince['max-hours'] !== null) counts.stopsAtMaxHoursDue += 1
      judgeStop(podId, action)
    },
    decided(podId, text) {
      const pod = podOf(podId)
      if (!settings().isAutoStopDryRun || !/would have been stopped/.test(text)) return
      counts.rehearsals += 1
      pod.isRehearsed = true
    },
    restarted() {
      for (const pod of pods.values()) {
        forget(pod.quiet)
        pod.warnings = []
        pod.last = null
        pod.isRehearsed = false
        pod.dueSince = notDue
      }
    },
    troubled(podId) {
      for (const [id, pod] of pods)
        if (podId === null || id === podId) {
          doubtQuiet(pod.quiet)
          pod.dueSince = notDue
        }
    },
    actedForPerson(podId) {
      notTwice(podId)
    },
    isSeenAfresh(podId) {
      const { last } = podOf(podId)
      return last !== null && !last.isList && now().trueMs - last.observation.askedAtMs <= FRESH_MS
    },
    ordered(order) {
      if (order.does === 'keep-on') podOf(order.podId).warnings = []
      if (order.does !== 'change-rules') return
      const pod = podOf(order.podId)
      pod.warnings = pod.warnings.filter(({ cause }) => !isVoidBy(cause, order.changes))
    },
  }
}

const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`

import type { PodAction } from '../../src/core/pod'
import type { Alert, Delivery } from '../../src/core/ports'
import type { StopCause } from '../../src/core/guard'
import type { Settings } from '../../src/core/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/time'
import type { IdleTally } from './judge-idle'
import type { QuietRecord } from './judge-quiet'
import { doubtQuiet, forget, newQuietRecord, noteQuiet, quietAtLeastMs, quietAtMostMs } from './judge-quiet'
import type { Told } from './orders'
import { isTicked, keptOn, rulesOf } from './orders'
import type { Observation } from './virtual-provider'

/*
 * Says whether automatic stops came as they may and must, by the product rules, "Idle policy".
 */

const STOPS_PER_HOUR = 3
/** A fresh look is answered within so much, and acted on at once. */
const FRESH_MS = 10 * SECOND_MS
/** A moment that is told twice may be told a little apart. */
const ROUNDING_MS = SECOND_MS

export interface StopJudge {
  /** A look has just changed what is known of the pod's idleness. */
  observed(observation: Observation, before: IdleTally, after: IdleTally, isList: boolean): void
  shown(podId: string, alert: Alert, delivery: Delivery): void
  acted(podId: string, action: PodAction): void
  /** A decision that was written down. */
  decided(podId: string, text: string): void
  /** Null: every pod. Something after which the rules leave open when a stop must come. */
  troubled(podId: string | null): void
  /** The program begins anew: it has seen nothing, and warned of nothing. */
  restarted(): void
  readonly stops: number
  /** Of the stops, those for which the budget of the pod was a reason. */
  readonly stopsAtBudget: number
  readonly rehearsals: number
  /** Stops, and rehearsals of stops, that had to come. */
  readonly due: number
}

export interface StopJudgeOptions {
  readonly settings: () => Settings
  readonly told: () => Told
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  /** What the pod can have cost at most, USD. */
  readonly spentAtMostUsd: (podId: string) => number
  readonly condemn: (podId: string | null, rule: string, words: string) => void
}

interface Warned {
  readonly atMs: number
  readonly cause: StopCause
  readonly delivery: Delivery
}

interface WatchedPod {
  readonly quiet: QuietRecord
  /** Since the pod was last seen to do anything. */
  warnings: Warned[]
  last: { readonly observation: Observation; readonly isList: boolean } | null
  actedAtMs: number
  /** Since it was last seen to do anything, it was written down that it would have been stopped. */
  isRehearsed: boolean
}

export function createStopJudge(options: StopJudgeOptions): StopJudge {
  const { settings, told, now, spentAtMostUsd, condemn } = options
  const pods = new Map<string, WatchedPod>()
  const stoppedAtMs: number[] = []
  const counts = { stops: 0, rehearsals: 0, due: 0, atBudget: 0 }

  function podOf(podId: string): WatchedPod {
    const known = pods.get(podId)
    if (known) return known
    const fresh: WatchedPod = {
      quiet: newQuietRecord(),
      warnings: [],
      last: null,
      actedAtMs: -Infinity,
      isRehearsed: false,
    }
    pods.set(podId, fresh)
    return fresh
  }
  const stopAfterMs = (podId: string): number =>
    (rulesOf(told(), podId).autoStopAfterMin ?? settings().autoStopAfterMin) * MINUTE_MS
  const stopsSince = (trueMs: number): number => stoppedAtMs.filter((atMs) => atMs > trueMs).length

  /** Why the pod, as it was last seen, must not be stopped by itself; null: it may. */
  function forbids(podId: string, { last }: WatchedPod): string | null {
    const seen = last?.observation.pod
    if (seen === undefined) return 'it was never seen'
    if (seen.phase !== 'running') return `it was ${seen.phase}`
    if (!seen.actions.includes('stop')) return 'the API did not offer it'
    if (seen.isLocked !== false) return 'it was locked, or not known to be unlocked'
    if (seen.clusterId !== null) return 'it belongs to a cluster'
    if (!isTicked(told(), podId)) return 'it was not ticked'
    if (keptOn(told(), podId, now()) === 'surely') return 'it was kept on'
    if (settings().areAutoStopsPaused) return 'automatic stops were paused'
    const hasVolume = seen.persistentMount !== null || seen.networkMounts.length > 0
    if (rulesOf(told(), podId).mayLoseData !== true && !(seen.areMountsKnown && hasVolume))
      return 'data would have been lost'
    return null
  }

  function heardAgoMs({ warnings }: WatchedPod, cause: StopCause): readonly number[] {
    const mayBeUnheard = settings().mayStopUnheard
    return warnings
      .filter((one) => one.cause === cause && (one.delivery === 'shown' || mayBeUnheard))
      .map(({ atMs }) => now().trueMs - atMs)
  }

  /** Why the warnings of this cause were not enough; null: they were. */
  function lacksWarning(pod: WatchedPod, cause: StopCause): string | null {
    const { autoStopFirstWarningMin: firstMin, autoStopLastWarningMin: lastMin } = settings()
    const ago = heardAgoMs(pod, cause)
    if (!ago.some((ms) => ms >= firstMin * MINUTE_MS - ROUNDING_MS))
      return `no warning was heard ${firstMin} min before`
    if (ago.filter((ms) => ms >= lastMin * MINUTE_MS - ROUNDING_MS).length < 2)
      return `no second warning was heard ${lastMin} min before`
    return null
  }

  function judgeStop(podId: string, action: PodAction): void {
    const pod = podOf(podId)
    const { trueMs } = now()
    const rules = rulesOf(told(), podId)
    const seen = pod.last?.observation
    if (trueMs - pod.actedAtMs < MINUTE_MS)
      condemn(podId, 'nothing is sent twice', 'another action was under way')
    pod.actedAtMs = trueMs
    const why = forbids(podId, pod)
    if (why !== null) condemn(podId, 'nothing is stopped that must not be', why)
    if (settings().isAutoStopDryRun) condemn(podId, 'a rehearsal stops nothing', 'it reached the cloud')
    if (!seen || pod.last?.isList === true || trueMs - seen.askedAtMs > FRESH_MS)
      condemn(podId, 'an automatic stop follows a fresh look', 'the last look was a list, or too long ago')

    const ageMs = trueMs - (seen?.pod.startedAtMs ?? trueMs)
    const isOverAge = rules.maxHours !== undefined && ageMs >= rules.maxHours * HOUR_MS - ROUNDING_MS
    const isBudgetSpent =
      rules.atBudget === 'stop' && spentAtMostUsd(podId) >= (rules.monthlyBudgetUsd ?? Infinity)
    const quietMs = quietAtMostMs(pod.quiet)
    const isQuiet = quietMs >= stopAfterMs(podId) - ROUNDING_MS && seen?.look?.truth === 'calm'
    const lacks = [
      isQuiet ? lacksWarning(pod, 'quiet') : 'it was not quiet for long enough',
      isOverAge ? lacksWarning(pod, 'max-hours') : 'its maximum hours were not over',
      isBudgetSpent ? lacksWarning(pod, 'budget') : 'its budget was not spent',
    ]
    if (!lacks.includes(null))
      condemn(
        podId,
        'an automatic stop is due and was warned of',
        `quiet for ${inMinutes(quietMs)} at most, last seen ${seen?.look?.truth ?? 'never'}; ${lacks.join('; ')}`,
      )
    if (action === 'terminate' && rules.atMaxHours !== 'terminate')
      condemn(podId, 'nothing is terminated by itself', 'nobody chose it')

    stoppedAtMs.push(trueMs)
    counts.stops += 1
    if (lacks[2] === null) counts.atBudget += 1
    const withinHour = stopsSince(trueMs - HOUR_MS)
    if (withinHour > STOPS_PER_HOUR)
      condemn(podId, 'at most three automatic stops an hour', `it was the ${withinHour}th within an hour`)
  }

  /** After each list: whether a stop had to come by now, and did not. */
  function judgeDelay(podId: string, pod: WatchedPod): void {
    const { trueMs } = now()
    const { pollActiveS, isAutoStopDryRun, autoStopFirstWarningMin } = settings()
    const overdueMs = quietAtLeastMs(pod.quiet) - stopAfterMs(podId)
    const canBeStopped = forbids(podId, pod) === null && keptOn(told(), podId, now()) === 'no'
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

  function judgeWarning(podId: string, pod: WatchedPod, cause: StopCause): void {
    if (!isTicked(told(), podId))
      condemn(podId, 'a warning is about a pod that may be stopped', 'it was not ticked')
    if (keptOn(told(), podId, now()) === 'surely')
      condemn(podId, 'a warning is about a pod that may be stopped', 'it was kept on')
    if (cause === 'quiet' && pod.last?.observation.look?.truth === 'busy')
      condemn(podId, 'a warning is about a pod that is quiet', 'it was busy')
  }

  return {
    get stops() {
      return counts.stops
    },
    get stopsAtBudget() {
      return counts.atBudget
    },
    get rehearsals() {
      return counts.rehearsals
    },
    get due() {
      return counts.due
    },
    observed(observation, before, after, isList) {
      const { podId } = observation
      const pod = podOf(podId)
      if (after === before) return
      pod.last = { observation, isList }
      noteQuiet(pod.quiet, before, after, observation)
      // Whatever it did since, it was not warned of that.
      if (after.startedAtMs !== before.startedAtMs) pod.warnings = []
      if (after.truth !== 'calm' && after.truth !== 'unknown')
        pod.warnings = pod.warnings.filter(({ cause }) => cause !== 'quiet')
      if (pod.quiet.looks.length <= 1) pod.isRehearsed = false
      if (isList) judgeDelay(podId, pod)
    },
    shown(podId, { key }, delivery) {
      const cause = causeOf(key)
      if (cause === null) return
      const pod = podOf(podId)
      judgeWarning(podId, pod, cause)
      pod.warnings.push({ atMs: now().trueMs, cause, delivery })
      if (delivery === 'failed') doubtQuiet(pod.quiet)
    },
    acted(podId, action) {
      const pod = podOf(podId)
      if (quietAtLeastMs(pod.quiet) >= stopAfterMs(podId)) counts.due += 1
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
      }
    },
    troubled(podId) {
      for (const [id, pod] of pods)
        if (podId === null || id === podId) {
          doubtQuiet(pod.quiet)
        }
    },
  }
}

/** Of which stop an alert warns; null: of none. */
function causeOf({ kind, episode }: Alert['key']): StopCause | null {
  if (kind === 'max-hours-soon') return 'max-hours'
  if (kind !== 'auto-stop-soon') return null
  return episode.startsWith('budget:') ? 'budget' : 'quiet'
}

const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`

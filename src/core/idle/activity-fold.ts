import { UPTIME_TOLERANCE_S } from '../pods/confirmed-uptime'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import { type FigureRanges, type IdleEpisode, isContinuous, updateEpisode, widenRanges } from './idle-episode'
import { type QuietTime, updateQuietTime } from './quiet-window'
import {
  type ActivityRules,
  labelFigures,
  labelGpu,
  labelSample,
  type Sample,
  type SampleLabel,
} from './sample'
import { emptyFigureRecord, type FigureRecord, leftOutFigures, withFigures } from './absent-figures'
import { emptyCadence, measuredCadenceMs, type RefreshCadence, withReading } from './refresh-cadence'
import {
  emptyReportFold,
  hasWorkingFigure,
  lacksFigures,
  type ReportFold,
  updateReport,
} from './reported-idle'
import { MAX_CADENCE_MS, withCadence, withSpacing } from './spacing'
import { type UnjudgedTime, updateUnjudgedTime } from './unjudged-time'

/** An aggregate of all samples of a pod up to one of them. */
export interface ActivityFold {
  readonly pod: IdleEpisode | null
  /** Null when the pod is not quiet. */
  readonly quiet: QuietTime | null
  /** Ranges of the figures in the idle samples of `pod`. */
  readonly figures: FigureRanges | null
  readonly gpus: readonly (IdleEpisode | null)[]
  readonly report: ReportFold
  /** Null after a sample that was judged. */
  readonly unjudged: UnjudgedTime | null
  /** Since when its figures can't be judged, because some are missing or change too rarely; null: they can. */
  readonly lackingSince: Instant | null
  /** The last sample that was judged, and how; null: none since the last start. */
  readonly judged: { readonly at: Instant; readonly label: JudgedLabel } | null
  /** When anything last used the pod, as seen from here; null: never. See docs/product-rules.md#29-last-use. */
  readonly usedAt: Instant | null
  readonly cadence: RefreshCadence
  readonly presence: FigureRecord
  /** The highest uptime since the last start. Replies from replicas may be a few seconds lower. */
  readonly uptimeS: number | null
  /** When the reply with that uptime arrived. */
  readonly uptimeAt: Instant | null
  /** The first sample since the last start. */
  readonly runSeenAt: Instant | null
  readonly startedAtMs: number | null
  /** Wall time since which the label has had this kind. */
  readonly kind: SampleLabel['kind'] | null
  readonly kindSinceMs: number
}

export type JudgedLabel = Exclude<SampleLabel, { kind: 'unknown' }>

export const emptyFold: ActivityFold = {
  pod: null,
  quiet: null,
  figures: null,
  gpus: [],
  report: emptyReportFold,
  unjudged: null,
  lackingSince: null,
  judged: null,
  usedAt: null,
  cadence: emptyCadence,
  presence: emptyFigureRecord,
  uptimeS: null,
  uptimeAt: null,
  runSeenAt: null,
  startedAtMs: null,
  kind: null,
  kindSinceMs: 0,
}

/**
 * Uptime is in whole seconds and replicas differ by up to two seconds from the truth, so samples that are closer
 * than this, ms, cannot be ordered by it.
 */
const SAME_READING_MS = 5_000
const REPLICAS_DIFFER_S = 4

function isSameReading({ uptimeS, uptimeAt }: ActivityFold, at: Instant, nowS: number | null): boolean {
  if (uptimeS === null || uptimeAt === null || nowS === null || uptimeAt.runId !== at.runId) return false
  return nowS >= uptimeS - REPLICAS_DIFFER_S && elapsedMs(uptimeAt, at) < SAME_READING_MS
}

/**
 * Whether the uptime fell because the container was restarted. A reply of a replica that lags behind is not a
 * restart, unless it goes on for longer than the gap.
 */
function hasUptimeOfNewRun(
  { uptimeS, uptimeAt }: ActivityFold,
  at: Instant,
  nowS: number | null,
  rules: ActivityRules,
): boolean {
  if (uptimeS === null || uptimeAt === null || nowS === null) return false
  if (nowS >= uptimeS - UPTIME_TOLERANCE_S) return false
  const isYounger = nowS * SECOND_MS <= elapsedMs(uptimeAt, at) + UPTIME_TOLERANCE_S * SECOND_MS
  return isYounger || !isContinuous(uptimeAt, at, rules)
}

/**
 * Without the idle time before a queue job. A job is known for certain, unlike figures, so one sample is enough, and a job
 * that ran between two samples counts, too. See docs/product-rules.md#23-idle-and-idle-episodes.
 */
function withoutTimeBeforeJob(fold: ActivityFold, { at, hasRunningJob, jobEndedAt }: Sample): ActivityFold {
  const endedAt = hasRunningJob ? at : (jobEndedAt ?? null)
  if (endedAt === null) return fold
  const isLater = (before: Instant | undefined | null): boolean =>
    before == null || elapsedMs(before, endedAt) > 0
  const { episode, busyAt } = fold.report
  return {
    ...fold,
    pod: isLater(fold.pod?.lastIdleAt) ? null : fold.pod,
    report: {
      episode: isLater(episode?.lastAt) ? null : episode,
      busyAt: isLater(busyAt) ? endedAt : busyAt,
    },
  }
}

/** What holds across the runs of a pod. */
const afterRestart = ({ usedAt, startedAtMs, kind, kindSinceMs }: ActivityFold): ActivityFold => ({
  ...emptyFold,
  usedAt,
  startedAtMs,
  kind,
  kindSinceMs,
})

/** Returns the aggregate and the label after one more sample. Samples must be in chronological order. */
export function foldSample(
  fold: ActivityFold,
  sample: Sample,
  baseRules: ActivityRules,
): [ActivityFold, SampleLabel] {
  const spacedRules = withSpacing(baseRules, sample.spacingMs ?? 0)
  const uptimeS = sample.telemetry?.uptimeS ?? null
  const hasNewStart =
    fold.startedAtMs !== null && sample.startedAtMs !== null && fold.startedAtMs !== sample.startedAtMs
  const hasRestarted =
    hasNewStart || hasUptimeOfNewRun(fold, sample.at, uptimeS, withCadence(spacedRules, fold.cadence))
  const before = hasRestarted ? afterRestart(fold) : withoutTimeBeforeJob(fold, sample)

  // As it was known before this sample: an interval counts by what is known when it ends.
  const rules = withCadence(spacedRules, before.cadence)

  // Against the uptime before a fall, so that the first sample after it is unknown in any case.
  const isFresh = hasNewStart || isSameReading(before, sample.at, uptimeS)
  const previousUptimeS = isFresh ? null : fold.uptimeS
  const presence = withFigures(before.presence, sample.telemetry, sample.expectedGpus, sample.at)
  const leftOut = leftOutFigures(presence, sample.expectedGpus, sample.at)
  const figures = byCadence(labelFigures(sample, previousUptimeS, rules, leftOut), before.cadence)
  const startedAtMs = sample.startedAtMs ?? before.startedAtMs
  const runMs = startedAtMs === null ? 0 : sample.at.wallMs - startedAtMs
  const uptimeMs = Math.max(observedUptimeMs(before, sample.at) ?? 0, (uptimeS ?? 0) * SECOND_MS, runMs)
  const label = labelSample(sample, byInside(figures, sample, before, uptimeMs, rules))
  // A reading whose figures are those of the one before is no sample of its own.
  const isRepeated = label.kind === 'unknown' && label.reason === 'uptime-stale'
  const pod = isRepeated ? before.pod : updateEpisode(before.pod, label.kind, sample.at, rules)
  const gpuCount = sample.telemetry?.gpus.length ?? before.gpus.length
  const gpus = Array.from({ length: gpuCount }, (_, index) =>
    updateEpisode(before.gpus[index] ?? null, labelGpu(sample, index, figures, rules), sample.at, rules),
  )
  const isSameEpisode = pod !== null && pod.startedAt === before.pod?.startedAt
  const previousFigures = isSameEpisode ? before.figures : null
  const hasNewUptime = uptimeS !== null && (before.uptimeS === null || uptimeS > before.uptimeS)
  return [
    {
      pod,
      quiet: updateQuietTime(isSameEpisode ? before.quiet : null, sample, label.kind, rules),
      figures:
        label.kind === 'idle' ? widenRanges(previousFigures, sample, label.by === 'inside') : previousFigures,
      gpus,
      report: updateReport(before.report, sample, label, rules),
      unjudged: updateUnjudgedTime(before.unjudged, sample, label, uptimeMs, rules),
      lackingSince: lackingSince(before, figures, sample.at),
      judged: label.kind === 'unknown' ? before.judged : { at: sample.at, label },
      usedAt: lastUse(before.usedAt, sample, label),
      cadence: withReading(before.cadence, { at: sample.at, uptimeS }, spacedRules.countedIntervalMs),
      presence,
      uptimeS: hasNewUptime ? uptimeS : before.uptimeS,
      uptimeAt: hasNewUptime ? (sample.answeredAt ?? sample.at) : before.uptimeAt,
      runSeenAt: before.runSeenAt ?? sample.at,
      startedAtMs,
      kind: label.kind,
      kindSinceMs: label.kind === fold.kind ? fold.kindSinceMs : sample.at.wallMs,
    },
    label,
  ]
}

/** It only grows. What the guard in the pod saw is left out, because its own measure has it. */
function lastUse(before: Instant | null, sample: Sample, label: SampleLabel): Instant | null {
  const { at, answeredAt = at, inputAt, jobEndedAt } = sample
  const isUsedNow =
    (label.kind === 'busy' && label.by !== 'inside') ||
    (sample.isWorkSeenByLook ?? false) ||
    sample.hasRunningJob
  const known = [before, inputAt ?? null, jobEndedAt ?? null, isUsedNow ? at : null]
  return known.reduce((last, use) => {
    const isInFuture = use !== null && elapsedMs(answeredAt, use) > 0
    const isNewest = use !== null && (last === null || elapsedMs(last, use) > 0)
    return isNewest && !isInFuture ? use : last
  })
}

/** A sample that is stale or too early says nothing of what its figures lack. */
function lackingSince(
  { lackingSince: since }: ActivityFold,
  figures: SampleLabel,
  at: Instant,
): Instant | null {
  if (figures.kind !== 'unknown') return null
  return since ?? (isUnjudgeable(figures) ? at : null)
}

/** Whether figures are missing or change too rarely, which does not pass by itself. */
const isUnjudgeable = (figures: Extract<SampleLabel, { kind: 'unknown' }>): boolean =>
  lacksFigures(figures) || figures.reason === 'refreshed-rarely'

/** Figures that change too rarely say that a pod works, and nothing else. */
function byCadence(figures: SampleLabel, cadence: RefreshCadence): SampleLabel {
  const isRare = (measuredCadenceMs(cadence) ?? 0) > MAX_CADENCE_MS
  const isOld = figures.kind === 'idle' || (figures.kind === 'unknown' && figures.reason === 'uptime-stale')
  return isRare && isOld ? { kind: 'unknown', reason: 'refreshed-rarely' } : figures
}

/** Figures that come again by then need no other source. */
export const LACKS_FIGURES_MS = 10 * MINUTE_MS

/** Where the figures can't be judged for long, what is seen inside decides, once the pod has booted. */
function byInside(
  figures: SampleLabel,
  sample: Sample,
  { lackingSince: since }: ActivityFold,
  uptimeMs: number,
  rules: ActivityRules,
): SampleLabel {
  const { insideNow } = sample
  if (figures.kind !== 'unknown' || insideNow === undefined || hasWorkingFigure(sample, rules)) return figures
  const isLacking = since !== null && elapsedMs(since, sample.at) >= LACKS_FIGURES_MS
  if (!isLacking || !isUnjudgeable(figures)) return figures
  if (insideNow === 'working') return { kind: 'busy', by: 'inside' }
  return uptimeMs < rules.bootMs ? figures : { kind: 'idle', by: 'inside' }
}

/**
 * A lower bound of the pod's uptime at `now`, ms; null when it was never observed running. It grows with the
 * monotonic clock, so that missing figures don't hold it. See docs/product-rules.md#31-rules.
 */
export function observedUptimeMs(
  { uptimeS, uptimeAt, runSeenAt }: ActivityFold,
  now: Instant,
): number | null {
  if (uptimeS !== null && uptimeAt !== null) return uptimeS * SECOND_MS + elapsedInRunMs(uptimeAt, now)
  return runSeenAt === null ? null : elapsedInRunMs(runSeenAt, now)
}

/** The wall clock says nothing about how long a pod ran. */
function elapsedInRunMs(from: Instant, to: Instant): number {
  return from.runId === to.runId ? elapsedMs(from, to) : 0
}

import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { isContinuous } from './idle-episode'
import { type ActivityRules, isPercent, type Sample, type SampleLabel } from './sample'

/**
 * What the service that manages a pod reports of its idle time, where the pod's own figures are missing. It is evidence
 * for alerts, never for a stop. See docs/product-rules.md#27-reported-idle-time.
 */
export interface ReportFold {
  readonly episode: ReportedEpisode | null
  /** The last sample that was busy, by its figures, a terminal or a report; null: none in this run of the pod. */
  readonly busyAt: Instant | null
}

interface ReportedEpisode {
  /** When it began according to its first report, Unix ms. */
  readonly sinceMs: number
  readonly lastAt: Instant
  readonly idleForMs: number
  /** As last reported. */
  readonly minutes: number
  readonly highestMinutes: number
}

export const emptyReportFold: ReportFold = { episode: null, busyAt: null }

/** Reports are whole minutes, and replicas may round differently. A report that falls by more is another episode. */
const MAX_FALL_MINUTES = 1

/**
 * The report that decides a sample: its minutes, 0 for busy; null where its own figures decide, or there is none. A
 * service that reports idle time need not report every figure: one that shows work is enough.
 */
export function decisiveReport(sample: Sample, label: SampleLabel, rules: ActivityRules): number | null {
  if (label.kind !== 'unknown' || !lacksFigures(label)) return null
  const minutes = sample.reportedIdleMinutes ?? null
  return minutes !== null && hasWorkingFigure(sample, rules) ? 0 : minutes
}

export function updateReport(
  before: ReportFold,
  sample: Sample,
  label: SampleLabel,
  rules: ActivityRules,
): ReportFold {
  const { at } = sample
  if (label.kind === 'busy' || hasWorkingFigure(sample, rules)) return { episode: null, busyAt: at }
  const minutes = decisiveReport(sample, label, rules)
  if (minutes === null) return before
  if (minutes === 0) return { episode: null, busyAt: at }
  const idleForMs = Math.min(minutes * MINUTE_MS, longestIdleMs(before, sample, rules))
  const known = before.episode
  const isSame =
    known !== null &&
    isContinuous(known.lastAt, at, rules) &&
    known.highestMinutes - minutes <= MAX_FALL_MINUTES
  const episode = {
    sinceMs: isSame ? known.sinceMs : at.wallMs - idleForMs,
    lastAt: at,
    idleForMs,
    minutes,
    highestMinutes: Math.max(minutes, isSame ? known.highestMinutes : 0),
  }
  return { ...before, episode }
}

/** No longer than since it was seen busy, nor than since it had booted. */
function longestIdleMs({ busyAt }: ReportFold, { at, startedAtMs }: Sample, rules: ActivityRules): number {
  const sinceBusyMs = busyAt === null ? Infinity : elapsedMs(busyAt, at)
  const sinceBootMs =
    startedAtMs === null || startedAtMs > at.wallMs ? Infinity : at.wallMs - startedAtMs - rules.bootMs
  return Math.max(0, Math.min(sinceBusyMs, sinceBootMs))
}

/** Whether a sample is unknown only because figures are missing, rather than stale, impossible or too early. */
export const lacksFigures = ({
  reason,
}: Pick<Extract<SampleLabel, { kind: 'unknown' }>, 'reason'>): boolean =>
  reason === 'no-telemetry' || reason === 'gpu-figures-missing' || reason === 'figure-missing'

/** Whether those figures that are there show a busy pod. */
export function hasWorkingFigure(
  { telemetry, expectedGpus }: Sample,
  { busyAtPercent }: ActivityRules,
): boolean {
  const isBusy = (percent: number | null | undefined): boolean =>
    isPercent(percent) && percent >= busyAtPercent
  if (telemetry === null) return false
  return (
    telemetry.gpus.some(({ utilPercent }) => isBusy(utilPercent)) ||
    (expectedGpus === 0 && isBusy(telemetry.cpuUtilPercent))
  )
}

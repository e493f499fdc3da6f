import { elapsedMs, type Instant } from '../base/time/time'
import { type ActivityFold, emptyFold, foldSample, type JudgedLabel } from './activity-fold'
import { type IdleEvidence, isContinuous, isMemoryStill } from './idle-episode'
import { limitOf, type QuietDoubt } from './quiet-doubt'
import { measuredCadenceMs } from './refresh-cadence'
import { decisiveReport, hasWorkingFigure, type ReportFold } from './reported-idle'
import type { ActivityRules, Sample, SampleLabel, UnknownReason } from './sample'
import { refreshWithinMs, withCadence } from './spacing'

export interface PartlyIdle {
  readonly idleGpus: number
  readonly gpus: number
  /** When the most recent of the idle GPUs became idle, Unix ms. */
  readonly sinceMs: number
  /** Minimum observed idle time of the idle GPUs, in milliseconds. */
  readonly idleForMs: number
}

/** A GPU beside others, by its place among them. */
export interface IdleGpu {
  readonly index: number
  /** Observed idle time, ms. */
  readonly idleForMs: number
}

/** Where its figures can't be judged: the service that manages the pod says so, or it is seen inside. */
export const busyReasons = ['gpu', 'cpu', 'terminal', 'job', 'report', 'inside'] as const
export type BusyReason = (typeof busyReasons)[number]

/** The judged activity of a pod. */
export type Activity =
  /** `sinceMs`: since when the activity is unknown, Unix ms; null if it never was known. */
  | {
      readonly kind: 'unknown'
      readonly reason: UnknownReason
      readonly sinceMs: number | null
      /**
       * The idle episode that this interrupts; absent when there is none, or when it has lasted longer than the gap.
       */
      readonly paused?: IdleActivity
    }
  | {
      readonly kind: 'busy'
      readonly by: BusyReason
      readonly partlyIdle: PartlyIdle | null
      /** The GPUs that the last sample showed idle. Only where a job keeps the pod busy. */
      readonly idleGpus?: readonly IdleGpu[]
    }
  | IdleActivity

export interface IdleActivity {
  readonly kind: 'idle'
  /** Wall time of the episode's first idle sample, Unix ms; identifies the episode in this process. */
  readonly sinceMs: number
  /** Its name among all programs of the data folder; absent: `sinceMs`. */
  readonly nameMs?: number
  /** Observed idle time, ms. */
  readonly idleForMs: number
  /** Observed time up to the last sample in which the pod was also quiet, ms. */
  readonly quietForMs: number
  /** Absent: the pod is not longer quiet if its doubtful samples count as quiet. */
  readonly doubt?: QuietDoubt
  /** Null where it is idle by report. */
  readonly evidence: IdleEvidence | null
  /**
   * What the service that manages the pod reports, where its own figures are missing. Such a pod is never quiet.
   * Absent: it is idle by its own figures.
   */
  readonly reportedMinutes?: number
}

/** Names an episode in the keys of alerts. */
export const episodeName = ({ nameMs, sinceMs }: Pick<IdleActivity, 'nameMs' | 'sinceMs'>): number =>
  nameMs ?? sinceMs

interface LabelledSample {
  readonly sample: Sample
  readonly label: SampleLabel
}

/** An aggregate up to one of the recent samples. */
interface Checkpoint {
  readonly fold: ActivityFold
  readonly at: Instant
  /** How many of `samples` are in it. */
  readonly count: number
}

/** The recent samples of one pod, oldest first, and an aggregate of the older ones. */
export interface ActivityHistory {
  readonly samples: readonly LabelledSample[]
  /** Aggregate of everything before `samples`. */
  readonly base: ActivityFold
  /** Becomes `base` once it is old enough, so that no sample is aggregated twice; null: no samples. */
  readonly nextBase: Checkpoint | null
  /** Aggregate of everything. */
  readonly head: ActivityFold
  /** Samples up to this moment were folded into the aggregate; a late sample from before it is ignored. */
  readonly trimmedUpTo: Instant | null
}

export const emptyHistory: ActivityHistory = {
  samples: [],
  base: emptyFold,
  nextBase: null,
  head: emptyFold,
  trimmedUpTo: null,
}

/**
 * Adds one sample. The result does not depend on the order or repetition of samples, unless one is older than
 * the rules' `keepSamplesMs`.
 */
export function addSample(history: ActivityHistory, sample: Sample, rules: ActivityRules): ActivityHistory {
  if (history.trimmedUpTo && compareInstants(sample.at, history.trimmedUpTo) <= 0) return history
  const newest = history.samples.at(-1)
  if (!newest || compareInstants(sample.at, newest.sample.at) > 0) {
    const [head, label] = foldSample(history.head, sample, rules)
    const samples = [...history.samples, { sample, label }]
    const here = { fold: head, at: sample.at, count: samples.length }
    const { nextBase } = history
    if (nextBase === null || elapsedMs(nextBase.at, sample.at) <= rules.keepSamplesMs)
      return { ...history, samples, head, nextBase: nextBase ?? here }
    return {
      samples: samples.slice(nextBase.count),
      base: nextBase.fold,
      nextBase: { ...here, count: samples.length - nextBase.count },
      head,
      trimmedUpTo: nextBase.at,
    }
  }
  const others = history.samples.map((entry) => entry.sample)
  const duplicateIndex = others.findIndex((other) => compareInstants(other.at, sample.at) === 0)
  if (duplicateIndex === -1) others.push(sample)
  else others[duplicateIndex] = pickOne(others[duplicateIndex] ?? sample, sample)
  others.sort((a, b) => compareInstants(a.at, b.at))

  let head = history.base
  const samples = others.map((other) => {
    const [next, label] = foldSample(head, other, rules)
    head = next
    return { sample: other, label }
  })
  const last = samples.at(-1)
  const nextBase = last === undefined ? null : { fold: head, at: last.sample.at, count: samples.length }
  return { ...history, samples, head, nextBase }
}

/** The pod's activity at `now`. */
export function activityAt(history: ActivityHistory, now: Instant, baseRules: ActivityRules): Activity {
  const newest = history.samples.at(-1)
  if (!newest) return { kind: 'unknown', reason: 'no-samples', sinceMs: null }
  const rules = withCadence(baseRules, history.head.cadence)
  if (!isContinuous(newest.sample.at, now, rules))
    return { kind: 'unknown', reason: 'not-seen', sinceMs: newest.sample.at.wallMs }
  const last = lastRefresh(history, rules)
  const label = last?.label ?? newest.label
  const idle = idleActivity(history.head, newest.sample, rules)
  if (label.kind === 'unknown') {
    const { pod, kindSinceMs } = history.head
    const report = decisiveReport(newest.sample, label, rules)
    if (report === 0) {
      const by = hasWorkingFigure(newest.sample, rules) ? 'gpu' : 'report'
      return { kind: 'busy', by, partlyIdle: null }
    }
    const isPaused = pod !== null && pod.busyInARow === 0 && isContinuous(pod.lastIdleAt, now, rules)
    const unknown = { kind: 'unknown', reason: label.reason, sinceMs: kindSinceMs } as const
    if (isPaused && idle !== null) return { ...unknown, paused: idle }
    const reported = reportedActivity(history.head.report, now, rules)
    if (reported === null) return unknown
    return report === null ? { ...unknown, paused: reported } : reported
  }
  if (label.kind === 'busy' || idle === null)
    return {
      kind: 'busy',
      by: label.kind === 'busy' ? label.by : 'gpu',
      partlyIdle: partlyIdle(history, last?.at ?? newest.sample.at),
      ...(label.kind === 'busy' && label.by === 'job' && { idleGpus: idleGpus(history, newest.sample.at) }),
    }
  return idle
}

/** The last reading, while its figures stand only because they were not refreshed since then. */
function lastRefresh(
  { samples, head: { judged, cadence } }: ActivityHistory,
  rules: ActivityRules,
): { readonly at: Instant; readonly label: JudgedLabel } | null {
  const newest = samples.at(-1)
  const withinMs = refreshWithinMs(cadence)
  if (judged === null || withinMs === null || newest?.label.kind !== 'unknown') return null
  const { at } = newest.sample
  const isNear = elapsedMs(judged.at, at) <= withinMs && isContinuous(judged.at, at, rules)
  return isNear && newest.label.reason === 'uptime-stale' ? judged : null
}

/** Whether the activity rests on a reading before the newest one, which waits for a refresh of the figures. */
export const isBetweenRefreshes = (history: ActivityHistory, rules: ActivityRules): boolean =>
  lastRefresh(history, withCadence(rules, history.head.cadence)) !== null

const idleGpus = ({ head }: ActivityHistory, at: Instant): readonly IdleGpu[] =>
  head.gpus.flatMap((episode, index) =>
    episode?.lastIdleAt === at ? [{ index, idleForMs: episode.idleForMs }] : [],
  )

function idleActivity(fold: ActivityFold, sample: Sample, rules: ActivityRules): IdleActivity | null {
  const { pod, figures, quiet } = fold
  const { expectedGpus, vcpuCount } = sample
  if (pod === null || figures === null) return null
  const windowMs = quiet?.window ? quiet.window.endMs - quiet.window.startMs : 0
  const possibleMs = quiet?.possibleMs ?? 0
  const cpuRestMs = quiet?.cpuRestMs ?? 0
  const limit = limitOf(fold, sample)
  // What such metrics show is certain only with a look from inside.
  const quietForMs = limit === null ? windowMs : 0
  const about = limit ?? (cpuRestMs < possibleMs ? 'cpu' : 'memory')
  const memoryMovedMs = Math.max(0, cpuRestMs - windowMs)
  return {
    kind: 'idle',
    sinceMs: pod.startedAt.wallMs,
    idleForMs: pod.idleForMs,
    quietForMs,
    ...(possibleMs > quietForMs
      ? {
          doubt: {
            about,
            quietForMs: possibleMs,
            vcpuCount,
            belowCpuPercent: rules.quietCpuPercent,
            ...(about === 'cadence' && { cadenceMs: measuredCadenceMs(fold.cadence) ?? 0 }),
            ...(memoryMovedMs > 0 && { memoryMovedMs }),
          },
        }
      : {}),
    evidence: {
      gpuUtil: expectedGpus === 0 ? null : figures.gpuUtil,
      cpuUtil: figures.cpuUtil,
      isMemoryStill: isMemoryStill(figures, rules),
      samples: pod.samples,
      idleSamples: pod.idleSamples,
      ...(figures.insideSamples > 0 && { insideSamples: figures.insideSamples }),
    },
  }
}

function reportedActivity({ episode }: ReportFold, now: Instant, rules: ActivityRules): IdleActivity | null {
  if (episode === null || !isContinuous(episode.lastAt, now, rules)) return null
  const { sinceMs, idleForMs, minutes } = episode
  return { kind: 'idle', sinceMs, idleForMs, quietForMs: 0, evidence: null, reportedMinutes: minutes }
}

function partlyIdle(history: ActivityHistory, at: Instant): PartlyIdle | null {
  const { gpus } = history.head
  const idle = gpus.flatMap((episode) => (episode?.lastIdleAt === at ? [episode] : []))
  if (idle.length === 0 || idle.length === gpus.length) return null
  return {
    idleGpus: idle.length,
    gpus: gpus.length,
    sinceMs: Math.max(...idle.map(({ startedAt }) => startedAt.wallMs)),
    idleForMs: Math.min(...idle.map(({ idleForMs }) => idleForMs)),
  }
}

function compareInstants(a: Instant, b: Instant): number {
  return a.runId === b.runId ? a.monotonicMs - b.monotonicMs : a.wallMs - b.wallMs
}

/** Picks one of two different samples of the same moment, independently of their order. */
function pickOne(a: Sample, b: Sample): Sample {
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b
}

import {
  type FigureRanges,
  type IdleEpisode,
  type IdleEvidence,
  isContinuous,
  isMemoryStill,
  updateEpisode,
  widenRanges,
} from './idle-episode'
import { extendQuietWindow, isQuietSample, type QuietWindow, startQuietWindow } from './quiet-window'
import {
  type ActivityRules,
  labelFigures,
  labelGpu,
  labelSample,
  type Sample,
  type SampleLabel,
  type UnknownReason,
} from './sample'
import { elapsedMs, type Instant } from '../base/time'

export interface PartlyIdle {
  readonly idleGpus: number
  readonly gpus: number
  /** When the most recent of the idle GPUs became idle, Unix ms. */
  readonly sinceMs: number
  /** Minimum observed idle time of the idle GPUs, in milliseconds. */
  readonly idleForMs: number
}

/** The judged activity of a pod. */
export type Activity =
  /** `sinceMs`: since when the activity is unknown, Unix ms; null if it never was known. */
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly sinceMs: number | null }
  | {
      readonly kind: 'busy'
      readonly by: 'gpu' | 'cpu' | 'terminal' | 'job'
      readonly partlyIdle: PartlyIdle | null
    }
  | {
      readonly kind: 'idle'
      /** Wall time of the episode's first idle sample, Unix ms; identifies the episode. */
      readonly sinceMs: number
      /** Observed idle time, ms. */
      readonly idleForMs: number
      /** Observed time up to the last sample in which the pod was also quiet, ms. */
      readonly quietForMs: number
      readonly evidence: IdleEvidence
    }

interface LabelledSample {
  readonly sample: Sample
  readonly label: SampleLabel
}

interface ActivityFold {
  readonly pod: IdleEpisode | null
  /** Null when the newest sample was not quiet. */
  readonly quiet: QuietWindow | null
  /** Ranges of the figures in the idle samples of `pod`. */
  readonly figures: FigureRanges | null
  readonly gpus: readonly (IdleEpisode | null)[]
  readonly uptimeS: number | null
  /** When the reply with that uptime first arrived. */
  readonly uptimeAt: Instant | null
  readonly startedAtMs: number | null
  /** Wall time since which the label has had this kind. */
  readonly kind: SampleLabel['kind'] | null
  readonly kindSinceMs: number
}

/** The recent samples of one pod, oldest first, and an aggregate of the older ones. */
export interface ActivityHistory {
  readonly samples: readonly LabelledSample[]
  /** Aggregate of everything before `samples`. */
  readonly base: ActivityFold
  /** Aggregate of everything. */
  readonly head: ActivityFold
  /** Samples up to this moment were folded into the aggregate; a late sample from before it is ignored. */
  readonly trimmedUpTo: Instant | null
}

const emptyFold: ActivityFold = {
  pod: null,
  quiet: null,
  figures: null,
  gpus: [],
  uptimeS: null,
  uptimeAt: null,
  startedAtMs: null,
  kind: null,
  kindSinceMs: 0,
}

export const emptyHistory: ActivityHistory = {
  samples: [],
  base: emptyFold,
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
    return trimSamples({ ...history, samples, head }, rules)
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
  return { ...history, samples, head }
}

/** The pod's activity at `now`. */
export function activityAt(history: ActivityHistory, now: Instant, rules: ActivityRules): Activity {
  const newest = history.samples.at(-1)
  if (!newest) return { kind: 'unknown', reason: 'no-samples', sinceMs: null }
  if (!isContinuous(newest.sample.at, now, rules))
    return { kind: 'unknown', reason: 'not-seen', sinceMs: newest.sample.at.wallMs }
  const { label } = newest
  const { pod, figures, quiet } = history.head
  if (label.kind === 'unknown')
    return { kind: 'unknown', reason: label.reason, sinceMs: history.head.kindSinceMs }
  if (label.kind === 'busy' || pod === null || figures === null)
    return {
      kind: 'busy',
      by: label.kind === 'busy' ? label.by : 'gpu',
      partlyIdle: partlyIdle(history, newest.sample),
    }
  return {
    kind: 'idle',
    sinceMs: pod.startedAt.wallMs,
    idleForMs: pod.idleForMs,
    quietForMs: quiet === null ? 0 : elapsedMs(quiet.firstAt, quiet.lastAt),
    evidence: {
      gpuUtil: newest.sample.expectedGpus === 0 ? null : figures.gpuUtil,
      cpuUtil: figures.cpuUtil,
      isMemoryStill: isMemoryStill(figures, rules),
      samples: pod.samples,
      idleSamples: pod.idleSamples,
    },
  }
}

/**
 * Uptime is in whole seconds and delayed, so two samples that are closer than this, ms, cannot be ordered by
 * it.
 */
const SAME_READING_MS = 5_000

function isSameReading(first: Instant | null, at: Instant): boolean {
  return first !== null && first.runId === at.runId && elapsedMs(first, at) < SAME_READING_MS
}

/** Returns the aggregate and the label after one more sample. */
function foldSample(fold: ActivityFold, sample: Sample, rules: ActivityRules): [ActivityFold, SampleLabel] {
  const uptimeS = sample.telemetry?.uptimeS ?? null
  const hasNewStart =
    fold.startedAtMs !== null && sample.startedAtMs !== null && fold.startedAtMs !== sample.startedAtMs
  const hasRestarted = hasNewStart || (fold.uptimeS !== null && uptimeS !== null && uptimeS < fold.uptimeS)
  const before = hasRestarted ? { ...fold, pod: null, quiet: null, figures: null, gpus: [] } : fold

  const isSameUptime = uptimeS === fold.uptimeS
  const previousUptimeS =
    hasNewStart || (isSameUptime && isSameReading(fold.uptimeAt, sample.at)) ? null : fold.uptimeS
  const label = labelSample(sample, previousUptimeS, rules)
  const figures = labelFigures(sample, previousUptimeS, rules)
  const pod = updateEpisode(before.pod, label.kind, sample.at, rules)
  const gpuCount = sample.telemetry?.gpus.length ?? before.gpus.length
  const gpus = Array.from({ length: gpuCount }, (_, index) =>
    updateEpisode(before.gpus[index] ?? null, labelGpu(sample, index, figures, rules), sample.at, rules),
  )
  const isSameEpisode = pod !== null && pod.startedAt === before.pod?.startedAt
  const previousFigures = isSameEpisode ? before.figures : null
  const previousQuiet = isSameEpisode ? before.quiet : null
  const next: ActivityFold = {
    pod,
    quiet: isQuietSample(sample, label, rules)
      ? previousQuiet === null
        ? startQuietWindow(sample)
        : extendQuietWindow(previousQuiet, sample, rules)
      : null,
    figures: label.kind === 'idle' ? widenRanges(previousFigures, sample) : previousFigures,
    gpus,
    uptimeS: uptimeS ?? fold.uptimeS,
    uptimeAt: uptimeS === null || isSameUptime ? fold.uptimeAt : (sample.answeredAt ?? sample.at),
    startedAtMs: sample.startedAtMs ?? fold.startedAtMs,
    kind: label.kind,
    kindSinceMs: label.kind === fold.kind ? fold.kindSinceMs : sample.at.wallMs,
  }
  return [next, label]
}

function partlyIdle(history: ActivityHistory, newest: Sample): PartlyIdle | null {
  const { gpus } = history.head
  const idle = gpus.flatMap((episode) => (episode?.lastIdleAt === newest.at ? [episode] : []))
  if (idle.length === 0 || idle.length === gpus.length) return null
  return {
    idleGpus: idle.length,
    gpus: gpus.length,
    sinceMs: Math.max(...idle.map(({ startedAt }) => startedAt.wallMs)),
    idleForMs: Math.min(...idle.map(({ idleForMs }) => idleForMs)),
  }
}

/** Folds samples older than the rules keep into the aggregate. */
function trimSamples(history: ActivityHistory, rules: ActivityRules): ActivityHistory {
  const newest = history.samples.at(-1)
  if (!newest) return history
  const firstKept = history.samples.findIndex(
    ({ sample }) => elapsedMs(sample.at, newest.sample.at) <= rules.keepSamplesMs,
  )
  if (firstKept <= 0) return history
  let { base, trimmedUpTo } = history
  for (const { sample } of history.samples.slice(0, firstKept)) {
    base = foldSample(base, sample, rules)[0]
    trimmedUpTo = sample.at
  }
  return { ...history, samples: history.samples.slice(firstKept), base, trimmedUpTo }
}

function compareInstants(a: Instant, b: Instant): number {
  return a.runId === b.runId ? a.monotonicMs - b.monotonicMs : a.wallMs - b.wallMs
}

/** Picks one of two different samples of the same moment, independently of their order. */
function pickOne(a: Sample, b: Sample): Sample {
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b
}

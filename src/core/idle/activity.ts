import {
  type Episode,
  type Figures,
  type IdleEvidence,
  isMemoryStill,
  isWithinReach,
  stepEpisode,
  widen,
} from './idle-episode'
import { isCalm, newQuiet, type QuietWindow, widenQuiet } from './quiet-window'
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
  /** When the last of the idle ones became so, Unix ms. */
  readonly sinceMs: number
  /** Observed idle time that each of the idle GPUs has at least, in milliseconds. */
  readonly idleForMs: number
}

/** What a pod does. */
export type Activity =
  /** `sinceMs`: when the unknown stretch began, Unix ms; null when nothing was ever known. */
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly sinceMs: number | null }
  | {
      readonly kind: 'busy'
      readonly by: 'gpu' | 'cpu' | 'terminal' | 'job'
      readonly partlyIdle: PartlyIdle | null
    }
  | {
      readonly kind: 'idle'
      /** Wall time of the episode's first idle sample, Unix ms; names the episode. */
      readonly sinceMs: number
      /** Observed idle time, ms. */
      readonly idleForMs: number
      /** Observed time up to the last sample in which the pod was quiet as well, ms. */
      readonly quietForMs: number
      readonly evidence: IdleEvidence
    }

interface LabelledSample {
  readonly sample: Sample
  readonly label: SampleLabel
}

interface Fold {
  readonly pod: Episode | null
  /** Null: the newest sample was not quiet. */
  readonly quiet: QuietWindow | null
  /** What the idle samples of `pod` showed. */
  readonly figures: Figures | null
  readonly gpus: readonly (Episode | null)[]
  readonly uptimeS: number | null
  /** When the answer with that uptime was there first. */
  readonly uptimeAt: Instant | null
  readonly startedAtMs: number | null
  /** Wall time since when the label's kind has been the same. */
  readonly kind: SampleLabel['kind'] | null
  readonly kindSinceMs: number
}

/** What was seen of one pod: the recent samples, oldest first, and what the older ones came to. */
export interface ActivityHistory {
  readonly samples: readonly LabelledSample[]
  /** The fold of everything before `samples`. */
  readonly base: Fold
  /** The fold of everything. */
  readonly head: Fold
  /** Samples at or before this moment were folded away; one that comes later than that is too late. */
  readonly trimmedUpTo: Instant | null
}

const nothing: Fold = {
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
  base: nothing,
  head: nothing,
  trimmedUpTo: null,
}

/**
 * The history with one more sample. Whatever order samples arrive in, and however often, the result is
 * the same, as long as none is older than the rules' `keepSamplesMs`.
 */
export function addSample(history: ActivityHistory, sample: Sample, rules: ActivityRules): ActivityHistory {
  if (history.trimmedUpTo && compareInstants(sample.at, history.trimmedUpTo) <= 0) return history
  const newest = history.samples.at(-1)
  if (!newest || compareInstants(sample.at, newest.sample.at) > 0) {
    const [head, label] = step(history.head, sample, rules)
    const samples = [...history.samples, { sample, label }]
    return trim({ ...history, samples, head }, rules)
  }
  const others = history.samples.map((entry) => entry.sample)
  const twin = others.findIndex((other) => compareInstants(other.at, sample.at) === 0)
  if (twin === -1) others.push(sample)
  else others[twin] = ofTwo(others[twin] ?? sample, sample)
  others.sort((a, b) => compareInstants(a.at, b.at))

  let head = history.base
  const samples = others.map((other) => {
    const [next, label] = step(head, other, rules)
    head = next
    return { sample: other, label }
  })
  return { ...history, samples, head }
}

/** What the pod does at `now`, from what was seen. */
export function activityAt(history: ActivityHistory, now: Instant, rules: ActivityRules): Activity {
  const newest = history.samples.at(-1)
  if (!newest) return { kind: 'unknown', reason: 'no-samples', sinceMs: null }
  if (!isWithinReach(newest.sample.at, now, rules))
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

/** Uptime counts whole seconds and is read some way off: of looks within this time, ms, it does not say which is newer. */
const AT_ONCE_MS = 5_000

function isAtOnce(first: Instant | null, at: Instant): boolean {
  return first !== null && first.runId === at.runId && elapsedMs(first, at) < AT_ONCE_MS
}

/** The fold and the label after one more sample. */
function step(fold: Fold, sample: Sample, rules: ActivityRules): [Fold, SampleLabel] {
  const uptimeS = sample.telemetry?.uptimeS ?? null
  const hasNewStart =
    fold.startedAtMs !== null && sample.startedAtMs !== null && fold.startedAtMs !== sample.startedAtMs
  const hasRestarted = hasNewStart || (fold.uptimeS !== null && uptimeS !== null && uptimeS < fold.uptimeS)
  const before = hasRestarted ? { ...fold, pod: null, quiet: null, figures: null, gpus: [] } : fold

  const isSameUptime = uptimeS === fold.uptimeS
  const previousUptimeS =
    hasNewStart || (isSameUptime && isAtOnce(fold.uptimeAt, sample.at)) ? null : fold.uptimeS
  const label = labelSample(sample, previousUptimeS, rules)
  const figures = labelFigures(sample, previousUptimeS, rules)
  const pod = stepEpisode(before.pod, label.kind, sample.at, rules)
  const gpuCount = sample.telemetry?.gpus.length ?? before.gpus.length
  const gpus = Array.from({ length: gpuCount }, (_, index) =>
    stepEpisode(before.gpus[index] ?? null, labelGpu(sample, index, figures, rules), sample.at, rules),
  )
  const isSameEpisode = pod !== null && pod.startedAt === before.pod?.startedAt
  const seen = isSameEpisode ? before.figures : null
  const quiet = isSameEpisode ? before.quiet : null
  const next: Fold = {
    pod,
    quiet: isCalm(sample, label, rules)
      ? quiet === null
        ? newQuiet(sample)
        : widenQuiet(quiet, sample, rules)
      : null,
    figures: label.kind === 'idle' ? widen(seen, sample) : seen,
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

/** Folds away what is older than the rules keep. */
function trim(history: ActivityHistory, rules: ActivityRules): ActivityHistory {
  const newest = history.samples.at(-1)
  if (!newest) return history
  const firstKept = history.samples.findIndex(
    ({ sample }) => elapsedMs(sample.at, newest.sample.at) <= rules.keepSamplesMs,
  )
  if (firstKept <= 0) return history
  let { base, trimmedUpTo } = history
  for (const { sample } of history.samples.slice(0, firstKept)) {
    base = step(base, sample, rules)[0]
    trimmedUpTo = sample.at
  }
  return { ...history, samples: history.samples.slice(firstKept), base, trimmedUpTo }
}

function compareInstants(a: Instant, b: Instant): number {
  return a.runId === b.runId ? a.monotonicMs - b.monotonicMs : a.wallMs - b.wallMs
}

/** Of two different samples of one moment, always the same one, whichever came first. */
function ofTwo(a: Sample, b: Sample): Sample {
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b
}

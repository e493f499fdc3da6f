import type { ActivityRules, Sample, SampleLabel } from './sample'
import { clockDisagreementMs, elapsedMs, type Instant } from '../base/time/time'
import type { Range } from '../base/range'

/**
 * A period of observed idleness. Only the time between two idle samples that are close together counts, and
 * unknown samples between them change nothing. See docs/product-rules.md#23-idle-and-idle-episodes.
 */
export interface IdleEpisode {
  /** The first idle sample. */
  readonly startedAt: Instant
  readonly lastIdleAt: Instant
  /** Observed idle time, in milliseconds. */
  readonly idleForMs: number
  /** Busy samples since the last idle one. */
  readonly busyInARow: number
  readonly samples: number
  readonly idleSamples: number
}

/** The episode after one more sample. Samples must be in chronological order. */
export function updateEpisode(
  episode: IdleEpisode | null,
  label: SampleLabel['kind'],
  at: Instant,
  rules: ActivityRules,
): IdleEpisode | null {
  if (label === 'idle') {
    if (episode === null || !isContinuous(episode.lastIdleAt, at, rules)) return newEpisode(at)
    const intervalMs = episode.busyInARow > 0 ? 0 : countedMs(episode.lastIdleAt, at, rules)
    return {
      ...episode,
      lastIdleAt: at,
      idleForMs: episode.idleForMs + intervalMs,
      busyInARow: 0,
      samples: episode.samples + 1,
      idleSamples: episode.idleSamples + 1,
    }
  }
  if (episode === null) return null
  const busyInARow = episode.busyInARow + (label === 'busy' ? 1 : 0)
  if (busyInARow >= 2) return null
  return { ...episode, busyInARow, samples: episode.samples + 1 }
}

/**
 * The observed part of the interval between two idle samples, ms: all of it or, when they are far apart, none.
 * See docs/product-rules.md#24-imperfect-telemetry.
 */
export function countedMs(from: Instant, to: Instant, rules: ActivityRules): number {
  const ms = elapsedMs(from, to)
  return ms <= rules.countedIntervalMs ? ms : 0
}

/**
 * Whether two moments belong to one observation: they are no further apart than the gap and both clocks
 * agree, which implies one process.
 */
export function isContinuous(
  from: Instant,
  to: Instant,
  rules: Pick<ActivityRules, 'gapMs' | 'clockToleranceMs'>,
): boolean {
  return elapsedMs(from, to) <= rules.gapMs && clockDisagreementMs(from, to) <= rules.clockToleranceMs
}

function newEpisode(at: Instant): IdleEpisode {
  return {
    startedAt: at,
    lastIdleAt: at,
    idleForMs: 0,
    busyInARow: 0,
    samples: 1,
    idleSamples: 1,
  }
}

/** What the idle samples of an episode showed, to explain the verdict. Percentages. */
export interface IdleEvidence {
  /** Null on a CPU pod, and where no figure came. */
  readonly gpuUtil: Range | null
  /** Null where no figure came. */
  readonly cpuUtil: Range | null
  /** No GPU or host memory figure changed by the rules' limit or more. Null: none came. */
  readonly isMemoryStill: boolean | null
  /** How many of the idle samples are idle by what was seen inside. Absent: none. */
  readonly insideSamples?: number
  /** The number of samples since the episode began, and how many of them were idle. */
  readonly samples: number
  readonly idleSamples: number
}

/** The ranges of figures over a set of samples. */
export interface FigureRanges {
  readonly gpuUtil: Range | null
  readonly cpuUtil: Range | null
  /** Host memory first, then one per GPU. */
  readonly memory: readonly (Range | null)[]
  readonly insideSamples: number
}

/** Extends `figures` by one idle sample, as far as it has them. */
export function widenRanges(
  figures: FigureRanges | null,
  { telemetry }: Sample,
  isInside: boolean,
): FigureRanges {
  const gpus = telemetry?.gpus ?? []
  const memory = [telemetry?.memoryUtilPercent ?? null, ...gpus.map((gpu) => gpu.memoryUtilPercent)]
  const places = Math.max(memory.length, figures?.memory.length ?? 0)
  return {
    gpuUtil: gpus.reduce<Range | null>(
      (range, gpu) => extendRange(range, gpu.utilPercent),
      figures?.gpuUtil ?? null,
    ),
    cpuUtil: extendRange(figures?.cpuUtil ?? null, telemetry?.cpuUtilPercent ?? null),
    memory: Array.from({ length: places }, (_, index) =>
      extendRange(figures?.memory[index] ?? null, memory[index] ?? null),
    ),
    insideSamples: (figures?.insideSamples ?? 0) + Number(isInside),
  }
}

/** Null: no memory figure came. */
export function isMemoryStill({ memory }: FigureRanges, rules: ActivityRules): boolean | null {
  const known = memory.filter((range) => range !== null)
  return known.length === 0 ? null : known.every((range) => range.max - range.min < rules.stillMemoryPoints)
}

function extendRange(range: Range | null, value: number | null): Range | null {
  if (value === null) return range
  return range === null
    ? { min: value, max: value }
    : { min: Math.min(range.min, value), max: Math.max(range.max, value) }
}

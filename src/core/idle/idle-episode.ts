import { type ActivityRules, memoryPercentsOf, type Sample, type SampleLabel } from './sample'
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
  /** Null on a CPU pod. */
  readonly gpuUtil: Range | null
  readonly cpuUtil: Range
  /** No GPU or host memory figure changed by the rules' limit or more. */
  readonly isMemoryStill: boolean
  /** The number of samples since the episode began, and how many of them were idle. */
  readonly samples: number
  readonly idleSamples: number
}

/** The ranges of figures over a set of samples. */
export interface FigureRanges {
  readonly gpuUtil: Range | null
  readonly cpuUtil: Range
  /** Host memory first, then one per GPU. */
  readonly memory: readonly Range[]
}

/** Extends `figures` by one idle sample, whose figures are all known. */
export function widenRanges(figures: FigureRanges | null, sample: Sample): FigureRanges {
  const { telemetry } = sample
  const gpus = telemetry?.gpus ?? []
  return {
    gpuUtil: gpus.reduce<Range | null>(
      (range, gpu) => extendRange(range, gpu.utilPercent ?? 0),
      figures?.gpuUtil ?? null,
    ),
    cpuUtil: extendRange(figures?.cpuUtil ?? null, telemetry?.cpuUtilPercent ?? 0),
    memory: memoryPercentsOf(sample).map((value, index) =>
      extendRange(figures?.memory[index] ?? null, value),
    ),
  }
}

export function isMemoryStill(figures: FigureRanges, rules: ActivityRules): boolean {
  return figures.memory.every((range) => range.max - range.min < rules.stillMemoryPoints)
}

function extendRange(range: Range | null, value: number): Range {
  return range === null
    ? { min: value, max: value }
    : { min: Math.min(range.min, value), max: Math.max(range.max, value) }
}

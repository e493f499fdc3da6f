import { type ActivityRules, memoryOf, type Sample, type SampleLabel } from './sample'
import { clockDisagreementMs, elapsedMs, type Instant } from '../base/time'
import type { Range } from '../base/range'

/**
 * A stretch of idleness under observation. Every rule that ends or lengthens it looks at consecutive idle
 * samples only, so that no busy or unknown sample between them can make it older or longer.
 */
export interface Episode {
  /** The first idle sample. */
  readonly startedAt: Instant
  readonly lastIdleAt: Instant
  /** Observed idle time, in milliseconds. */
  readonly idleForMs: number
  /** Busy samples since the last idle one. */
  readonly busyInARow: number
  /** Nothing but idle samples since `lastIdleAt`. */
  readonly isUnbroken: boolean
  readonly samples: number
  readonly idleSamples: number
}

/** The episode after one more sample. Samples come in the order of time. */
export function stepEpisode(
  episode: Episode | null,
  label: SampleLabel['kind'],
  at: Instant,
  rules: ActivityRules,
): Episode | null {
  if (label === 'idle') {
    if (episode === null || !isWithinReach(episode.lastIdleAt, at, rules)) return newEpisode(at)
    const stretchMs = episode.isUnbroken ? elapsedMs(episode.lastIdleAt, at) : 0
    return {
      ...episode,
      lastIdleAt: at,
      idleForMs: episode.idleForMs + stretchMs,
      busyInARow: 0,
      isUnbroken: true,
      samples: episode.samples + 1,
      idleSamples: episode.idleSamples + 1,
    }
  }
  if (episode === null) return null
  const busyInARow = episode.busyInARow + (label === 'busy' ? 1 : 0)
  if (busyInARow >= 2) return null
  return { ...episode, busyInARow, isUnbroken: false, samples: episode.samples + 1 }
}

/** Whether two idle samples belong to one observation: near enough in time, and on clocks that agree, so of one run. */
export function isWithinReach(from: Instant, to: Instant, rules: ActivityRules): boolean {
  return elapsedMs(from, to) <= rules.gapMs && clockDisagreementMs(from, to) <= rules.clockToleranceMs
}

function newEpisode(at: Instant): Episode {
  return {
    startedAt: at,
    lastIdleAt: at,
    idleForMs: 0,
    busyInARow: 0,
    isUnbroken: true,
    samples: 1,
    idleSamples: 1,
  }
}

/** What the idle samples of an episode showed, for saying why. Percentages. */
export interface IdleEvidence {
  /** Null on a CPU pod. */
  readonly gpuUtil: Range | null
  readonly cpuUtil: Range
  /** No GPU or host memory figure moved by as much as the rules' still limit. */
  readonly isMemoryStill: boolean
  /** Samples since the episode began, and how many of them were idle. */
  readonly samples: number
  readonly idleSamples: number
}

/** The ranges of figures over a set of samples. */
export interface Figures {
  readonly gpuUtil: Range | null
  readonly cpuUtil: Range
  /** Host memory first, then one per GPU. */
  readonly memory: readonly Range[]
}

/** Widens `figures` by one idle sample, whose figures are all known. */
export function widen(figures: Figures | null, sample: Sample): Figures {
  const { telemetry } = sample
  const gpus = telemetry?.gpus ?? []
  return {
    gpuUtil: gpus.reduce<Range | null>(
      (range, gpu) => extend(range, gpu.utilPercent ?? 0),
      figures?.gpuUtil ?? null,
    ),
    cpuUtil: extend(figures?.cpuUtil ?? null, telemetry?.cpuUtilPercent ?? 0),
    memory: memoryOf(sample).map((value, index) => extend(figures?.memory[index] ?? null, value)),
  }
}

export function isMemoryStill(figures: Figures, rules: ActivityRules): boolean {
  return figures.memory.every((range) => range.max - range.min < rules.stillMemoryPoints)
}

function extend(range: Range | null, value: number): Range {
  return range === null
    ? { min: value, max: value }
    : { min: Math.min(range.min, value), max: Math.max(range.max, value) }
}

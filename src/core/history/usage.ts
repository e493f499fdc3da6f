import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { PodId } from '../pods/pod'

/* What is remembered of the use of a pod: docs/product-rules.md#102-history. */

/** `off`: the pod was observed, and it did not run. */
export const usageStates = ['unknown', 'busy', 'idle', 'off'] as const
export type UsageState = (typeof usageStates)[number]

export const usageMetrics = ['gpu', 'gpuMemory', 'cpu', 'memory'] as const
export type UsageMetric = (typeof usageMetrics)[number]

/** What is recorded is before this time, Unix ms. */
export const MAX_TIME_MS = Date.UTC(9999, 0, 1)

/** What one poll showed of a pod. Percentages in steps of half a percent; null: unknown. */
export interface UsageSample {
  readonly podId: PodId
  /** When it was asked for, Unix ms, whole. */
  readonly atMs: number
  readonly state: UsageState
  /** The first sample after the pod was seen to have started anew. */
  readonly isNewRun: boolean
  /** One entry per GPU that reported, at most `MAX_GPUS`. */
  readonly gpus: readonly { readonly util: number | null; readonly memory: number | null }[]
  readonly cpu: number | null
  readonly memory: number | null
}

/** A figure over a step and all GPUs, in percent and steps of half a percent. Null: never known in it. */
export interface FigureRange {
  readonly min: number
  readonly mean: number
  readonly max: number
  /** For which share of the step it was known, 0–1 in steps of 1/200. 0 for a single sample after a gap. */
  readonly known: number
}

/** What was observed of a pod in one step of time. A step in which nothing was observed has no row. */
export interface UsageRow {
  /** Unix ms. */
  readonly startMs: number
  /** Its number of samples, at most `MAX_SAMPLES`. */
  readonly samples: number
  readonly isNewRun: boolean
  /** Shares of the step, 0–1 in steps of 1/200. What is missing to 1 was not observed. */
  readonly shares: Readonly<Record<UsageState, number>>
  readonly figures: Readonly<Record<UsageMetric, FigureRange | null>>
}

export const usageSteps = { minute: MINUTE_MS, hour: HOUR_MS } as const
export type UsageStep = keyof typeof usageSteps

/** How finely a part of a history is read. */
export const usageDetails = ['sample', 'minute', 'hour'] as const
export type UsageDetail = (typeof usageDetails)[number]

export const MAX_GPUS = 64
export const MAX_SAMPLES = 65_535

/** How far back a history reaches: see `createHistoryStore`. */
export const HOURS_KEPT_MS = 90 * DAY_MS

/** Takes in what was observed. Nothing here throws. */
export interface UsageRecorder {
  /** The samples of one poll of an account. */
  record(samples: readonly UsageSample[]): void
}

/** Steps of half a percent; null for what is no percentage. */
export function toHalfPercents(percent: number | null | undefined): number | null {
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) return null
  return Math.round(percent * 2) / 2
}

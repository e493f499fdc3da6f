import type { Instant } from '../base/time'

/** What was read inside a pod over about one minute. See docs/product-rules.md#25-quiet. */
export interface InsideReading {
  readonly verdict: 'at-rest' | 'working'
  /** The end of the interval. */
  readonly at: Instant
  readonly intervalMs: number
  readonly processCount: number
  /** The process that used the most CPU, in percent of one core; null if none used any. */
  readonly busiest: { readonly name: string; readonly percentOfCore: number } | null
  /** Reads and writes of all processes; null if not every process could be read. */
  readonly diskBytesPerS: number | null
  readonly networkBytesPerS: number
}

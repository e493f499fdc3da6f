import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { IdleTally } from './oracle-idle'
import type { Observation } from './virtual-provider'

/*
 * How long a pod was quiet: idle throughout, no other activity, and no memory value changed by 2 points. See
 * docs/product-rules.md#25-quiet. As in oracle-idle.ts, the result is an upper and a lower bound.
 */

const STEADY_POINTS = 2
const GAP_MS = 5 * MINUTE_MS
const TOLERANCE_MS = 30 * SECOND_MS

interface QuietSample {
  readonly atMs: number
  readonly memory: readonly number[]
}

/** One pod's consecutive quiet observations, and since when they are certainly consecutive. */
export interface QuietRecord {
  readonly samples: QuietSample[]
  strictSinceMs: number | null
  lowest: number[]
  highest: number[]
}

export const newQuietRecord = (): QuietRecord => ({
  samples: [],
  strictSinceMs: null,
  lowest: [],
  highest: [],
})

/** Records an observation that has just changed `before` to `after`. */
export function recordQuiet(
  record: QuietRecord,
  before: IdleTally,
  after: IdleTally,
  { sample }: Observation,
): void {
  if (after === before || sample === null) {
    if (after.truth === 'not-running') resetQuiet(record)
    return
  }
  const isOtherRun = after.looseSinceMs !== before.looseSinceMs && after.looseSinceMs === after.lastAtMs
  if (isOtherRun) resetQuiet(record)
  if (after.truth === 'unknown') {
    // The rules don't define whether this ends a quiet window.
    record.strictSinceMs = null
    return
  }
  if (after.truth !== 'calm') {
    resetQuiet(record)
    return
  }
  const atMs = after.lastAtMs
  const last = record.samples.at(-1)
  if (last !== undefined && atMs - last.atMs > GAP_MS + TOLERANCE_MS) resetQuiet(record)
  record.samples.push({ atMs, memory: sample.memory })
  const isNear = last !== undefined && atMs - last.atMs <= GAP_MS
  const lowest = sample.memory.map((value, at) => Math.min(value, record.lowest[at] ?? value))
  const highest = sample.memory.map((value, at) => Math.max(value, record.highest[at] ?? value))
  const isStill = highest.every((value, at) => value - (lowest[at] ?? value) < STEADY_POINTS)
  if (record.strictSinceMs !== null && isNear && isStill) {
    record.lowest = lowest
    record.highest = highest
    return
  }
  record.strictSinceMs = atMs
  record.lowest = [...sample.memory]
  record.highest = [...sample.memory]
}

export function resetStrictQuiet(record: QuietRecord): void {
  record.strictSinceMs = null
}

export function resetQuiet(record: QuietRecord): void {
  record.samples.length = 0
  record.strictSinceMs = null
}

/** Upper bound in ms: back from the newest observation for as long as memory was steady. */
export function quietAtMostMs({ samples }: QuietRecord): number {
  const newest = samples.at(-1)
  if (newest === undefined) return 0
  const lowest = [...newest.memory]
  const highest = [...newest.memory]
  let sinceMs = newest.atMs
  for (let at = samples.length - 1; at >= 0; at -= 1) {
    const one = samples[at]
    if (one === undefined) break
    for (const [which, value] of one.memory.entries()) {
      lowest[which] = Math.min(value, lowest[which] ?? value)
      highest[which] = Math.max(value, highest[which] ?? value)
      if ((highest[which] ?? 0) - (lowest[which] ?? 0) >= STEADY_POINTS) return newest.atMs - sinceMs
    }
    sinceMs = one.atMs
  }
  return newest.atMs - sinceMs
}

/** Lower bound in ms. */
export const quietAtLeastMs = ({ strictSinceMs, samples }: QuietRecord): number =>
  strictSinceMs === null ? 0 : (samples.at(-1)?.atMs ?? strictSinceMs) - strictSinceMs

import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { IdleTally } from './judge-idle'
import type { Observation } from './virtual-provider'

/*
 * How long a pod was quiet, by the product rules, "Activity": idle all the time, nothing else going on, and no memory figure
 * moved by 2 points. As two bounds again, see judge-idle.ts.
 */

const STILL_POINTS = 2
const GAP_MS = 5 * MINUTE_MS
const TOLERANCE_MS = 30 * SECOND_MS

interface QuietLook {
  readonly atMs: number
  readonly memory: readonly number[]
}

/** Of one pod: the quiet looks that follow each other, and since when nobody could doubt that they do. */
export interface QuietRecord {
  readonly looks: QuietLook[]
  strictSinceMs: number | null
  lowest: number[]
  highest: number[]
}

export const newQuietRecord = (): QuietRecord => ({ looks: [], strictSinceMs: null, lowest: [], highest: [] })

/** Takes in a look that has just changed `before` to `after`. */
export function noteQuiet(
  record: QuietRecord,
  before: IdleTally,
  after: IdleTally,
  { look }: Observation,
): void {
  if (after === before || look === null) {
    if (after.truth === 'not-running') forget(record)
    return
  }
  const isOtherRun = after.looseSinceMs !== before.looseSinceMs && after.looseSinceMs === after.lastAtMs
  if (isOtherRun) forget(record)
  if (after.truth === 'unknown') {
    // Whether it breaks a quiet window is left open.
    record.strictSinceMs = null
    return
  }
  if (after.truth !== 'calm') {
    forget(record)
    return
  }
  const atMs = after.lastAtMs
  const last = record.looks.at(-1)
  if (last !== undefined && atMs - last.atMs > GAP_MS + TOLERANCE_MS) forget(record)
  record.looks.push({ atMs, memory: look.memory })
  const isNear = last !== undefined && atMs - last.atMs <= GAP_MS
  const lowest = look.memory.map((value, at) => Math.min(value, record.lowest[at] ?? value))
  const highest = look.memory.map((value, at) => Math.max(value, record.highest[at] ?? value))
  const isStill = highest.every((value, at) => value - (lowest[at] ?? value) < STILL_POINTS)
  if (record.strictSinceMs !== null && isNear && isStill) {
    record.lowest = lowest
    record.highest = highest
    return
  }
  record.strictSinceMs = atMs
  record.lowest = [...look.memory]
  record.highest = [...look.memory]
}

export function doubtQuiet(record: QuietRecord): void {
  record.strictSinceMs = null
}

export function forget(record: QuietRecord): void {
  record.looks.length = 0
  record.strictSinceMs = null
}

/** Nobody can come to more, ms: back from the newest look as far as memory was still. */
export function quietAtMostMs({ looks }: QuietRecord): number {
  const newest = looks.at(-1)
  if (newest === undefined) return 0
  const lowest = [...newest.memory]
  const highest = [...newest.memory]
  let sinceMs = newest.atMs
  for (let at = looks.length - 1; at >= 0; at -= 1) {
    const one = looks[at]
    if (one === undefined) break
    for (const [which, value] of one.memory.entries()) {
      lowest[which] = Math.min(value, lowest[which] ?? value)
      highest[which] = Math.max(value, highest[which] ?? value)
      if ((highest[which] ?? 0) - (lowest[which] ?? 0) >= STILL_POINTS) return newest.atMs - sinceMs
    }
    sinceMs = one.atMs
  }
  return newest.atMs - sinceMs
}

/** Nobody can come to less, ms. */
export const quietAtLeastMs = ({ strictSinceMs, looks }: QuietRecord): number =>
  strictSinceMs === null ? 0 : (looks.at(-1)?.atMs ?? strictSinceMs) - strictSinceMs

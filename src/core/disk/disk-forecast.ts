import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { type DiskUse, usedShare } from './disk-reading'

/** The use of one disk at one time. */
export interface DiskPoint extends Pick<DiskUse, 'usedBytes' | 'freeBytes'> {
  readonly at: Instant
}

/** Growth counts over at least this long, ms. */
const LEAST_MS = 20 * MINUTE_MS
/** And over at most this long. */
const MOST_MS = 40 * MINUTE_MS
/** A disk that is emptier fills too slowly, or too uncertainly, for a forecast. */
const LEAST_SHARE = 0.3

/**
 * In how long the disk is full at the rate of the last half hour, ms; null: it doesn't grow steadily, or too little was
 * observed. The rate is the least over all spans of 20 to 40 min that end now, so that files which come and go, such as
 * checkpoints that replace each other, make no forecast. `points`: of one run, oldest first.
 */
export function fullInMs(points: readonly DiskPoint[]): number | null {
  const last = points.at(-1)
  if (last === undefined || usedShare(last) < LEAST_SHARE) return null
  const rates = points.slice(0, -1).flatMap((point) => {
    const ms = elapsedMs(point.at, last.at)
    return ms >= LEAST_MS && ms <= MOST_MS ? [(last.usedBytes - point.usedBytes) / ms] : []
  })
  const before = points.at(-2)
  const isGrowing = before !== undefined && last.usedBytes > before.usedBytes
  const rate = Math.min(...rates)
  return rates.length === 0 || !isGrowing || rate <= 0 ? null : last.freeBytes / rate
}

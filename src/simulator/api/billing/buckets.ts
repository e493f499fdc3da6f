import { DAY_MS, HOUR_MS } from '../../../core/base/time/time'
export const bucketSizes = ['hour', 'day', 'week', 'month', 'year'] as const

export type BucketSize = (typeof bucketSizes)[number]

/** Start of the bucket that contains a time, Unix ms. Buckets are in UTC; weeks begin on Mondays. */
export function bucketStart(atMs: number, size: BucketSize): number {
  const at = new Date(atMs)
  switch (size) {
    case 'hour':
      return Math.floor(atMs / HOUR_MS) * HOUR_MS
    case 'day':
      return Math.floor(atMs / DAY_MS) * DAY_MS
    case 'week':
      return Math.floor(atMs / DAY_MS) * DAY_MS - ((at.getUTCDay() + 6) % 7) * DAY_MS
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth())
    case 'year':
      return Date.UTC(at.getUTCFullYear(), 0)
  }
}

/** Start of the bucket `steps` after the one that starts at `startMs`; before it, if negative. */
export function bucketAfter(startMs: number, size: BucketSize, steps = 1): number {
  const at = new Date(startMs)
  switch (size) {
    case 'hour':
      return startMs + steps * HOUR_MS
    case 'day':
      return startMs + steps * DAY_MS
    case 'week':
      return startMs + steps * 7 * DAY_MS
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + steps)
    case 'year':
      return Date.UTC(at.getUTCFullYear() + steps, 0)
  }
}

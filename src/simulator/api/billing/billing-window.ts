import { bucketAfter, type BucketSize, bucketSizes, bucketStart } from './buckets'
import { problem, type Reply } from '../../http/reply'
import { DAY_MS } from '../../../core/base/time/time'

/** The period of a bill in whole buckets: from `startMs` up to, but not including, `endMs`, Unix ms. */
export interface BillingWindow {
  readonly startMs: number
  readonly endMs: number
  readonly size: BucketSize
}

const DEFAULT_MS = 30 * DAY_MS

/** The period that a query asks for, or the error reply. `nowMs` is the API's current time. */
export function billingWindow(query: URLSearchParams, nowMs: number): BillingWindow | Reply {
  const size = bucketSizes.find((each) => each === (query.get('bucketSize') ?? 'day'))
  if (size === undefined) return problem(422, 'Request validation failed.', { errors: ['bucketSize'] })
  const lastN = query.get('lastN')
  if (lastN !== null) return lastBuckets(lastN, query, size, nowMs)
  const startMs = timeOf(query.get('startTime'), nowMs - DEFAULT_MS)
  const endMs = timeOf(query.get('endTime'), nowMs)
  if (startMs === null || endMs === null) {
    return problem(422, 'Request validation failed.', { errors: ['startTime and endTime are RFC 3339'] })
  }
  if (startMs >= endMs) return problem(400, 'startTime must be before endTime')
  const lastMs = bucketStart(endMs, size)
  return {
    startMs: bucketStart(startMs, size),
    endMs: lastMs === endMs ? endMs : bucketAfter(lastMs, size),
    size,
  }
}

function lastBuckets(
  lastN: string,
  query: URLSearchParams,
  size: BucketSize,
  nowMs: number,
): BillingWindow | Reply {
  if (query.has('startTime') || query.has('endTime')) {
    return problem(400, 'lastN excludes startTime and endTime')
  }
  const n = Number(lastN)
  if (!/^\d{1,6}$/.test(lastN) || n < 1) {
    return problem(422, 'Request validation failed.', { errors: ['lastN is a whole number from 1 on'] })
  }
  const currentMs = bucketStart(nowMs, size)
  return { startMs: bucketAfter(currentMs, size, 1 - n), endMs: bucketAfter(currentMs, size), size }
}

/** RFC 3339 as Unix ms, `otherwise` if absent, null for anything else. */
function timeOf(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return null
  const ms = Date.parse(text.toUpperCase())
  return Number.isNaN(ms) ? null : ms
}

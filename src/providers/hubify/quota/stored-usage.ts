import * as v from 'valibot'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/base/time/time'
import type { StoredUsage } from '../../../core/pods/key-usage-store'
import { MAX_WINDOWS, noQuota, type Quota, rebaseQuota } from '../../http/quota/quota'
import type { HubifyPlan, KnownLimits } from './plan'

/** What the programs of a data folder know together of the requests of a key, at one moment. */
export interface KeyUsage {
  /** How many requests they may send at once; negative after many actions. */
  readonly requests: number
  /** On a clock that reads 0 at that moment. */
  readonly quota: Quota
}

/** Of the plan's requests of a day, evenly: so many that a burst beyond them stays within the plan. */
const SHARE = 0.9
/** With the debt of actions still less than the plan allows in a minute. */
const maxRequests = ({ burst }: HubifyPlan): number => 1.5 * burst
/** A time further in the future was stored before the clock was set back. */
const FUTURE_TOLERANCE_MS = MINUTE_MS
/** As many as there are plans, by the minute and by the day. */
const MAX_LIMITS = 10
/** No window of Hubify's and no pause is longer. What says so is damage. */
const MAX_WINDOW_MS = DAY_MS + MINUTE_MS
const MAX_PAUSE_MS = HOUR_MS

export const requestsPerMs = (plan: HubifyPlan): number => (plan.requestsPerDay * SHARE) / DAY_MS

/** What is known `ms` later if nothing is sent meanwhile. */
export const advanceUsage = ({ requests, quota }: KeyUsage, ms: number, plan: HubifyPlan): KeyUsage => ({
  requests: Math.min(maxRequests(plan), requests + ms * requestsPerMs(plan)),
  quota: rebaseQuota(quota, ms),
})

const count = v.pipe(v.number(), v.finite(), v.minValue(0))
const limitsSchema = v.object({
  atMs: count,
  limits: v.pipe(v.array(v.object({ limit: count, ageMs: count })), v.maxLength(MAX_LIMITS)),
  isMinute: v.boolean(),
})
const storedSchema = v.object({
  ...limitsSchema.entries,
  requests: v.pipe(v.number(), v.finite()),
  windows: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.maxLength(100)),
        resetAtMs: v.pipe(count, v.maxValue(MAX_WINDOW_MS)),
        reads: count,
        left: count,
      }),
    ),
    v.maxLength(MAX_WINDOWS),
  ),
  pausedForMs: v.pipe(count, v.maxValue(MAX_PAUSE_MS)),
})

/** `wallMs`: now, Unix ms. Times are stored relative to it, so that a clock that is set cannot make them longer. */
export const encodeUsage = (
  { requests, quota }: KeyUsage,
  { limits, isMinute }: KnownLimits,
  wallMs: number,
): v.InferInput<typeof storedSchema> => ({
  atMs: wallMs,
  requests,
  limits: limits.map((one) => ({ ...one })),
  isMinute,
  windows: quota.windows
    .filter(({ name, resetAtMs }) => name.length <= 100 && resetAtMs <= MAX_WINDOW_MS)
    .map(({ name, resetAtMs, reads, left }) => ({ name, resetAtMs, reads, left })),
  pausedForMs: Math.min(quota.pausedUntilMs, MAX_PAUSE_MS),
})

/** The limits that are stored, as of now; null: none can be read. `wallMs`: now, Unix ms. */
export function parseLimits(stored: StoredUsage, wallMs: number): KnownLimits | null {
  const parsed = stored.kind === 'stored' ? v.safeParse(limitsSchema, stored.value) : null
  if (parsed === null || !parsed.success) return null
  const { atMs, limits, isMinute } = parsed.output
  const passedMs = Math.max(0, wallMs - atMs)
  const valid = limits
    .map(({ limit, ageMs }) => ({ limit, ageMs: ageMs + passedMs }))
    .filter(({ ageMs }) => ageMs <= DAY_MS)
  return { limits: valid, isMinute: isMinute && valid.length > 0 }
}

export interface ParsedUsage {
  readonly usage: KeyUsage
  /** Why it has to be stored anew, so that time counts from now on: it is damaged, or from the future. */
  readonly problem: 'damaged' | 'future' | null
}

/** What a program may send of whom nothing is known. */
export const newUsage = (plan: HubifyPlan): KeyUsage => ({ requests: maxRequests(plan), quota: noQuota })

/** Damage allows nothing at once, so that repeated damage doesn't either. `wallMs`: now, Unix ms. */
export function parseUsage(stored: StoredUsage, wallMs: number, plan: HubifyPlan): ParsedUsage {
  if (stored.kind === 'none') return { usage: newUsage(plan), problem: null }
  const parsed = stored.kind === 'stored' ? v.safeParse(storedSchema, stored.value) : null
  if (parsed === null || !parsed.success)
    return { usage: { requests: 0, quota: noQuota }, problem: 'damaged' }
  const { atMs, requests, windows, pausedForMs } = parsed.output
  const usage = {
    requests: Math.max(-maxRequests(plan), requests),
    quota: { windows, pausedUntilMs: pausedForMs },
  }
  return {
    usage: advanceUsage(usage, Math.max(0, wallMs - atMs), plan),
    problem: atMs > wallMs + FUTURE_TOLERANCE_MS ? 'future' : null,
  }
}

import { DAY_MS, MINUTE_MS, HOUR_MS } from '../../../core/base/time/time'
import { readXRateLimit } from '../../http/quota/rate-limit-headers'

/** What a key may send, and how Podkeeper spends it. */
export interface HubifyPlan {
  readonly name: 'free' | 'pro' | 'team'
  readonly requestsPerDay: number
  /** How many requests may be saved up, well below what the plan allows in a minute. */
  readonly burst: number
  /** Requests for details of pods that may follow one list. */
  readonly detailsPerPoll: number
}

/*
 * The plans by Hubify's documentation of the API, "Rate limits", read 2026-11-24: Free 60 a minute and 1,000 a day,
 * Pro 300 and 50,000, Team 1,000 and 500,000. The limit of 1,000 is that of a day of Free or of a minute of Team.
 */
const free: HubifyPlan = { name: 'free', requestsPerDay: 1_000, burst: 25, detailsPerPoll: 2 }
const pro: HubifyPlan = { name: 'pro', requestsPerDay: 50_000, burst: 60, detailsPerPoll: 10 }
const team: HubifyPlan = { name: 'team', requestsPerDay: 500_000, burst: 200, detailsPerPoll: 20 }

const AMBIGUOUS_LIMIT = 1_000
const planOfLimit: ReadonlyMap<number, HubifyPlan> = new Map([
  [60, free],
  [300, pro],
  [50_000, pro],
  [500_000, team],
])

const isKnownLimit = (limit: number): boolean => limit === AMBIGUOUS_LIMIT || planOfLimit.has(limit)

/** Replies may arrive in another order than the server counted them, or be counted later. */
const MARGIN = 12
/** Two windows that end within this time are not those of a day. */
const MAX_BETWEEN_RESETS_MS = 20 * HOUR_MS

/** The limits of a key that its programs know, at one moment. */
export interface KnownLimits {
  /** Each known limit, and for how many ms it was not reported. */
  readonly limits: readonly { readonly limit: number; readonly ageMs: number }[]
  /** A limit of 1,000 is that of a minute. */
  readonly isMinute: boolean
}

/** Recognizes the plan of a key by the limits that the server reports. */
export interface PlanTracker {
  plan(): HubifyPlan
  /** What this program knows, for those that run beside and after it. */
  known(): KnownLimits
  /** Takes what another program knew. */
  learn(known: KnownLimits): void
  onResponse(headers: Headers, isSuccess: boolean): void
}

/**
 * Until a limit says otherwise, the plan is Free; of the limits of the last 24 h, the lowest plan counts.
 * `elapsedMs`: ms on a clock that never goes backwards. `wallMs`: Unix ms.
 *
 * A limit of 1,000 counts as that of a minute only once the server has twice, within less than a day, reported fewer
 * used requests than this program alone had sent, and two different ends of the window.
 */
export function createPlanTracker(elapsedMs: () => number, wallMs: () => number): PlanTracker {
  /** When each known limit was last reported. */
  const seenAtMs = new Map<number, number>()
  let sentSinceReset = 0
  let lastReset: { readonly atMs: number; readonly resetAtMs: number } | null = null
  let isMinute = false

  function checkWindow(left: number, resetAtMs: number, nowMs: number): void {
    if (left > AMBIGUOUS_LIMIT || sentSinceReset <= AMBIGUOUS_LIMIT - left + MARGIN) return
    sentSinceReset = 0
    const isSoon = lastReset !== null && nowMs - lastReset.atMs < MAX_BETWEEN_RESETS_MS
    if (lastReset !== null && isSoon && Math.abs(resetAtMs - lastReset.resetAtMs) >= MINUTE_MS / 2)
      isMinute = true
    lastReset = { atMs: nowMs, resetAtMs }
  }

  return {
    plan() {
      const sinceMs = elapsedMs() - DAY_MS
      const plans = [...seenAtMs].flatMap(([limit, atMs]) => {
        if (atMs < sinceMs) return []
        if (limit === AMBIGUOUS_LIMIT) return [isMinute ? team : free]
        return planOfLimit.get(limit) ?? []
      })
      return (
        plans.reduce<HubifyPlan | null>(
          (lowest, plan) => (lowest === null || plan.requestsPerDay < lowest.requestsPerDay ? plan : lowest),
          null,
        ) ?? free
      )
    },
    known: () => ({
      limits: [...seenAtMs]
        .map(([limit, atMs]) => ({ limit, ageMs: elapsedMs() - atMs }))
        .filter(({ ageMs }) => ageMs <= DAY_MS),
      isMinute,
    }),
    learn(known) {
      for (const { limit, ageMs } of known.limits) {
        const atMs = Math.max(seenAtMs.get(limit) ?? Number.NEGATIVE_INFINITY, elapsedMs() - ageMs)
        if (isKnownLimit(limit)) seenAtMs.set(limit, atMs)
      }
      isMinute ||= known.isMinute
    },
    onResponse(headers, isSuccess) {
      const { limit, left, resetAtMs } = readXRateLimit(headers, wallMs())
      // What stands before the API may have limits of its own.
      if (limit === null || !isSuccess) return
      if (isKnownLimit(limit)) seenAtMs.set(limit, elapsedMs())
      if (limit !== AMBIGUOUS_LIMIT || left === null || resetAtMs === null) return
      sentSinceReset += 1
      checkWindow(left, resetAtMs, elapsedMs())
    },
  }
}

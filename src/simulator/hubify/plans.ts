import type { QuotaVerdict, SimulatedQuotaWindow } from '../control/quota'
import type { HubifyBehavior } from '../control/hubify-behavior'

/** Requests per key. Source: Hubify documentation, "API overview", read 2026-11-24. */
export const plans = {
  free: { minute: 60, day: 1_000 },
  pro: { minute: 300, day: 50_000 },
  team: { minute: 1_000, day: 500_000 },
} as const

export type SimulatedPlan = keyof typeof plans

export const planNames = Object.keys(plans) as SimulatedPlan[]

export function isPlan(name: string): name is SimulatedPlan {
  return planNames.some((each) => each === name)
}

/** The headers that say what is left after a request. */
export function quotaHeaders(
  { windows }: QuotaVerdict,
  which: HubifyBehavior['quotaHeaders'],
): Readonly<Record<string, string>> {
  const tightest = [...windows].sort((a, b) => a.remaining - b.remaining || b.resetsAtMs - a.resetsAtMs)[0]
  const window = which === 'minute' ? windows.find(({ name }) => name === 'minute') : tightest
  return which === 'none' || window === undefined ? {} : headersOf(window)
}

/** `Reset` is in Unix seconds. */
export const headersOf = ({
  limit,
  remaining,
  resetsAtMs,
}: Omit<SimulatedQuotaWindow, 'name'>): Readonly<Record<string, string>> => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(Math.ceil(resetsAtMs / 1_000)),
})

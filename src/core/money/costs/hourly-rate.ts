import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../base/time/time'

/** How long something was on and what an hour of it cost, rounded so that their product is `cents`. */
export interface HourlyRate {
  /** In whole minutes, or in whole seconds where minutes are too coarse. */
  readonly shownMs: number
  /** The mean, USD per hour; null: not known. */
  readonly perHourUsd: number | null
  /** How many decimals of it are needed, 2 to 8. */
  readonly decimals: number
}

const MAX_DECIMALS = 8

const productCents = (shownMs: number, perHourUsd: number): number =>
  Math.round((shownMs / HOUR_MS) * perHourUsd * 100 + 1e-9)

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/**
 * The mean price of an hour in the shortest form that multiplies to `cents`: 20 h 49 min × $10.76 = $223.99. Null when
 * it was not on. `isUnknown`: the price is not known. See docs/product-rules.md#53-rows-and-idle-cost.
 */
export function hourlyRate(
  onMs: number,
  cents: number,
  exactUsd: number,
  isUnknown: boolean,
): HourlyRate | null {
  if (!(onMs > 0)) return null
  const inMinutes = Math.max(MINUTE_MS, Math.round(onMs / MINUTE_MS) * MINUTE_MS)
  if (isUnknown) return { shownMs: inMinutes, perHourUsd: null, decimals: 2 }
  const inSeconds = Math.max(SECOND_MS, Math.round(onMs / SECOND_MS) * SECOND_MS)
  const perHourUsd = (exactUsd / onMs) * HOUR_MS
  for (const [shownMs, decimals] of [
    [inMinutes, 2],
    [inSeconds, 2],
    [inMinutes, 3],
    [inSeconds, 4],
  ] as const)
    if (productCents(shownMs, rounded(perHourUsd, decimals)) === cents)
      return { shownMs, perHourUsd: rounded(perHourUsd, decimals), decimals }
  // The cents of all rows add up to the month, so that those of one row may be rounded the other way.
  const ofCents = (cents / 100 / inSeconds) * HOUR_MS
  for (let decimals = 2; decimals < MAX_DECIMALS; decimals++)
    if (productCents(inSeconds, rounded(ofCents, decimals)) === cents)
      return { shownMs: inSeconds, perHourUsd: rounded(ofCents, decimals), decimals }
  return { shownMs: inSeconds, perHourUsd: rounded(ofCents, MAX_DECIMALS), decimals: MAX_DECIMALS }
}

import { HOUR_MS } from '../../base/time/time'

/*
 * Amounts are counted in whole nano-dollars. A year at $1,000 an hour is 8.76e15 of them, below 2^53, so sums
 * over a year are exact. Fractional dollars occur only in API replies and for display.
 */

/** Whole nano-dollars. */
export type NanoUsd = number
/** Whole nano-dollars per hour; at most `MAX_RATE`. */
export type NanoUsdPerHour = number

/** Nano-dollars per dollar. */
export const NANO_PER_USD = 1_000_000_000

/** An hourly rate above $100,000 is treated as an error. */
export const MAX_RATE: NanoUsdPerHour = 100_000 * NANO_PER_USD

/** Null for an invalid amount: negative, not finite, or above `MAX_RATE`. */
export function toNanoUsd(usd: number): NanoUsd | null {
  const nano = Math.round(usd * NANO_PER_USD)
  return nano >= 0 && nano <= MAX_RATE ? nano : null
}

export const toUsd = (nano: NanoUsd): number => nano / NANO_PER_USD

/**
 * The cost at `rate` between two moments of one hour, in milliseconds from its start. It is computed as the
 * difference of two running totals, so that the parts of any interval add up exactly.
 */
export function accrued(rate: NanoUsdPerHour, fromMs: number, toMs: number): NanoUsd {
  return accruedUntil(rate, toMs) - accruedUntil(rate, fromMs)
}

/** Exact: no intermediate product exceeds the safe integers. */
function accruedUntil(rate: NanoUsdPerHour, ms: number): NanoUsd {
  const rest = rate % HOUR_MS
  return ((rate - rest) / HOUR_MS) * ms + Math.floor((rest * ms) / HOUR_MS)
}

/**
 * Converts amounts to whole cents that add up to the rounded total, by the largest remainder method. Ties go
 * to the earlier amount.
 */
export function toCents(amounts: readonly NanoUsd[]): readonly number[] {
  return distributeCents(amounts, roundedCents(amounts.reduce((sum, amount) => sum + amount, 0)))
}

const NANO_PER_CENT = NANO_PER_USD / 100

export const roundedCents = (amount: NanoUsd): number => Math.round(amount / NANO_PER_CENT)

/** Distributes `cents` by the largest remainders of `amounts`, whose sum it rounds. */
export function distributeCents(amounts: readonly NanoUsd[], cents: number): readonly number[] {
  const shares = amounts.map((amount) => Math.floor(amount / NANO_PER_CENT))
  let left = cents - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = amounts
    .map((amount, index) => ({ index, rest: amount - (shares[index] ?? 0) * NANO_PER_CENT }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  // The parts may differ by a cent from a total that was rounded separately.
  for (let offset = 0; left !== 0 && byRemainder.length > 0; offset = (offset + 1) % byRemainder.length) {
    const step = Math.sign(left)
    const place = byRemainder[step > 0 ? offset : byRemainder.length - 1 - offset]
    if (!place) break
    shares[place.index] = (shares[place.index] ?? 0) + step
    left -= step
  }
  return shares
}

/**
 * Like `distributeCents` for parts of other amounts: no share exceeds its cap, in cents. `cents` is at most
 * `maxCentsWithin`.
 */
export function distributeCentsWithin(
  amounts: readonly NanoUsd[],
  cents: number,
  caps: readonly number[],
): readonly number[] {
  const shares = distributeCents(amounts, cents).map((share, index) =>
    Math.max(0, Math.min(share, caps[index] ?? 0)),
  )
  let left = cents - shares.reduce((sum, share) => sum + share, 0)
  for (const [index, share] of shares.entries()) {
    if (left === 0) break
    const room = left < 0 ? -share : (amounts[index] ?? 0) > 0 ? (caps[index] ?? 0) - share : 0
    const step = left > 0 ? Math.min(left, room) : Math.max(left, room)
    shares[index] = share + step
    left -= step
  }
  return shares
}

/** How many cents `distributeCentsWithin` can distribute: the sum of the caps of amounts that are not 0. */
export const maxCentsWithin = (amounts: readonly NanoUsd[], caps: readonly number[]): number =>
  caps.reduce((sum, cap, index) => sum + ((amounts[index] ?? 0) > 0 ? cap : 0), 0)

/** To spread into what is a sum of parts. */
export const approximatePart = (isApproximate: boolean): { readonly isApproximate?: true } =>
  isApproximate ? { isApproximate } : {}

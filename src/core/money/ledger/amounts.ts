import { HOUR_MS } from '../../base/time'

/*
 * Money as it is counted: whole nano-dollars. A year at $1,000 an hour is 8.76e15 of them, below 2^53, so sums of a
 * year are exact. Dollars with a fraction exist only in what the API said and in what people read.
 */

/** Whole nano-dollars. */
export type NanoUsd = number
/** Whole nano-dollars per hour; at most `MAX_RATE`. */
export type NanoUsdPerHour = number

/** So many make a dollar. */
export const NANO = 1_000_000_000

/** No pod, volume or account costs more in an hour; what claims to is a mistake. $100,000. */
export const MAX_RATE: NanoUsdPerHour = 100_000 * NANO

/** Null for what cannot be an amount: negative, not finite, or beyond `MAX_RATE`. */
export function nanoOf(usd: number): NanoUsd | null {
  const nano = Math.round(usd * NANO)
  return nano >= 0 && nano <= MAX_RATE ? nano : null
}

export const usdOf = (nano: NanoUsd): number => nano / NANO

/**
 * What `rate` makes between two moments of one hour, given in milliseconds from its start. A difference of two running
 * totals, so that the parts of any stretch add up to it, to the nano-dollar.
 */
export function accrued(rate: NanoUsdPerHour, fromMs: number, toMs: number): NanoUsd {
  return accruedUntil(rate, toMs) - accruedUntil(rate, fromMs)
}

/** Exact: no product leaves the whole numbers that a double holds. */
function accruedUntil(rate: NanoUsdPerHour, ms: number): NanoUsd {
  const rest = rate % HOUR_MS
  return ((rate - rest) / HOUR_MS) * ms + Math.floor((rest * ms) / HOUR_MS)
}

/**
 * Amounts in whole cents that add up to the rounded sum of the amounts: each is rounded down, and the cents that are
 * left go to the largest remainders, the earlier first.
 */
export function centsOf(amounts: readonly NanoUsd[]): readonly number[] {
  return shareCents(amounts, roundedCents(amounts.reduce((sum, amount) => sum + amount, 0)))
}

const CENT = NANO / 100

export const roundedCents = (amount: NanoUsd): number => Math.round(amount / CENT)

/** `cents` shared out by the largest remainders of `amounts`, whose sum it rounds. */
export function shareCents(amounts: readonly NanoUsd[], cents: number): readonly number[] {
  const shares = amounts.map((amount) => Math.floor(amount / CENT))
  let left = cents - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = amounts
    .map((amount, index) => ({ index, rest: amount - (shares[index] ?? 0) * CENT }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  // Whole cents of the parts may be one more or less than those of a total that was rounded on its own.
  for (let turn = 0; left !== 0 && byRemainder.length > 0; turn = (turn + 1) % byRemainder.length) {
    const step = Math.sign(left)
    const place = byRemainder[step > 0 ? turn : byRemainder.length - 1 - turn]
    if (!place) break
    shares[place.index] = (shares[place.index] ?? 0) + step
    left -= step
  }
  return shares
}

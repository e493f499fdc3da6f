import { MINUTE_MS } from '../../core/base/time/time'

/** What is left of an axis for the time before the first observation. */
const LEAD_SHARE = 0.06
/** An axis that begins with the first observation shows so much time at least. */
const MIN_FITTED_MS = 10 * MINUTE_MS

/**
 * Where an axis of use begins, Unix ms: a little before the first observation, since one that is mostly empty shows
 * nothing. `firstMs`: when that was; null: there was none.
 */
export function fittedFromMs(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  firstMs: number | null,
): number {
  if (firstMs === null) return fromMs
  return Math.max(fromMs, toMs - Math.max(MIN_FITTED_MS, toMs - firstMs) / (1 - LEAD_SHARE))
}

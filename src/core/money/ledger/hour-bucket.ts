import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/time/time'
import { approximatePart, type NanoUsd } from './amounts'

/** The bill of one subject for one hour. */
export interface BilledAmount {
  readonly total: NanoUsd
  readonly disk: NanoUsd
}

/** `absent`: the bill was read and does not list the hour, which differs from zero. */
export type BillReading = BilledAmount | 'absent'

/** One hour of one subject: what was observed, and what its bill says. Amounts are in nano-dollars. */
export interface HourBucket {
  /** The observed cost: minimum, likely, maximum. */
  min: NanoUsd
  likely: NanoUsd
  max: NanoUsd
  /** The parts of `likely` for disks and for idle time. */
  disk: NanoUsd
  idle: NanoUsd
  /** How long it was on, milliseconds. */
  onMs: number
  /** A rate was unknown, so the cost may exceed `max`. */
  isAtLeast: boolean
  /** A rate was from a price list. */
  isApproximate?: true
  /** The latest reading of the bill; null: none. */
  lastReading: BillReading | null
  /** When that reading was first and last seen, Unix ms. */
  firstReadMs: number
  lastReadMs: number
  /** The reading that two reads agreed on after the hour was settled. */
  finalReading: BillReading | null
}

export const emptyHourBucket = (): HourBucket => ({
  min: 0,
  likely: 0,
  max: 0,
  disk: 0,
  idle: 0,
  onMs: 0,
  isAtLeast: false,
  lastReading: null,
  firstReadMs: 0,
  lastReadMs: 0,
  finalReading: null,
})

/** A bill is trusted once its hour ended this long ago. See docs/product-rules.md#52-spent-this-month. */
export const SETTLED_AFTER_MS = 3 * HOUR_MS
/** A reading this far ahead of the present one was made by a wrong clock. */
export const WRONG_CLOCK_MS = DAY_MS
/** Two reads closer together than this count as one. */
const MIN_READ_GAP_MS = 10 * MINUTE_MS

/**
 * Applies a reading of the bill for the hour that ends at `endMs`. Repeated reads count once, and older reads
 * are ignored. Returns true when the reading became final or the final reading changed.
 */
export function applyReading(
  bucket: HourBucket,
  reading: BillReading,
  requestedAtMs: number,
  endMs: number,
): boolean {
  // It was read by a clock that was wrong; no late reply is that late.
  if (bucket.lastReadMs > requestedAtMs + WRONG_CLOCK_MS)
    Object.assign(bucket, { lastReading: null, finalReading: null, firstReadMs: 0, lastReadMs: 0 })
  if (requestedAtMs <= bucket.lastReadMs) return false
  const isSettled = requestedAtMs - endMs >= SETTLED_AFTER_MS
  const wasSettled = bucket.firstReadMs - endMs >= SETTLED_AFTER_MS
  const isSame = bucket.lastReading !== null && areEqual(bucket.lastReading, reading)
  bucket.lastReadMs = requestedAtMs
  if (!isSame || (isSettled && !wasSettled)) {
    bucket.lastReading = reading
    bucket.firstReadMs = requestedAtMs
    return false
  }
  if (!isSettled || requestedAtMs - bucket.firstReadMs < MIN_READ_GAP_MS) return false
  if (bucket.finalReading !== null && areEqual(bucket.finalReading, reading)) return false
  bucket.finalReading = reading
  return true
}

const areEqual = (a: BillReading, b: BillReading): boolean =>
  a === 'absent' || b === 'absent' ? a === b : a.total === b.total && a.disk === b.disk

/** The effective cost of an hour. Amounts are in nano-dollars. */
export interface HourAmount {
  readonly min: NanoUsd
  readonly likely: NanoUsd
  readonly max: NanoUsd
  readonly disk: NanoUsd
  readonly idle: NanoUsd
  /** The part that is final according to bills. */
  readonly billed: NanoUsd
  /** The part that only a bill knows, because nothing was observed then. */
  readonly unobserved: NanoUsd
  /** The part of `likely` less `disk` during which it was not observed to be on, so that its hours are not known. */
  readonly unobservedCompute: NanoUsd
  readonly isAtLeast: boolean
  readonly isApproximate?: true
}

/** An hour whose bill differs by less than this share was observed; prices and disks explain the difference. */
const OBSERVED_SHARE = 0.9

/** What the bill has beyond what was observed, of an hour that was not observed whole. */
const unobservedPart = ({ likely, onMs }: HourBucket, counted: NanoUsd): NanoUsd =>
  onMs >= HOUR_MS || likely >= counted * OBSERVED_SHARE ? 0 : counted - likely

/** Starts and stops are seen with the polls, so that bills differ by less than this. */
const OBSERVED_TOLERANCE_MS = MINUTE_MS

/** The part of the compute cost that the observed time does not explain. */
function unobservedComputePart(
  { onMs, likely, disk }: HourBucket,
  counted: NanoUsd,
  countedDisk: NanoUsd,
): NanoUsd {
  const compute = Math.max(0, counted - countedDisk)
  if (onMs === 0) return compute
  const observed = Math.max(0, likely - disk)
  const isExplained = onMs >= HOUR_MS || compute - observed <= (observed / onMs) * OBSERVED_TOLERANCE_MS
  return isExplained ? 0 : compute - observed
}

/** For this long a bill that is lower than the observed minimum may still be corrected. */
const CORRECTION_WINDOW_MS = 3 * 24 * HOUR_MS

/**
 * The bill if it is final, otherwise the larger of the bill and what was observed. See
 * docs/product-rules.md#52-spent-this-month.
 */
export function hourAmount(bucket: HourBucket): HourAmount {
  const { finalReading, lastReading, min, likely, max, disk, idle, isAtLeast } = bucket
  const approximate = approximatePart(bucket.isApproximate === true)
  const mayBeCorrected = bucket.lastReadMs - bucket.firstReadMs < CORRECTION_WINDOW_MS
  if (finalReading === 'absent')
    // It was not billed, so only the observed minimum counts.
    return {
      min,
      likely: min,
      max: mayBeCorrected ? max : min,
      disk: Math.min(disk, min),
      idle: idlePart(idle, min, likely),
      billed: 0,
      unobserved: 0,
      unobservedCompute: unobservedComputePart(bucket, min, Math.min(disk, min)),
      isAtLeast: false,
    }
  if (finalReading !== null) {
    const { total } = finalReading
    return {
      min: total,
      likely: total,
      max: mayBeCorrected && total < min ? max : total,
      disk: finalReading.disk,
      idle: idlePart(idle, total, likely),
      billed: total,
      unobserved: unobservedPart(bucket, total),
      unobservedCompute: unobservedComputePart(bucket, total, finalReading.disk),
      isAtLeast: false,
    }
  }
  const readTotal = lastReading === null || lastReading === 'absent' ? 0 : lastReading.total
  if (readTotal <= likely)
    return {
      min: Math.max(min, readTotal),
      likely,
      max: Math.max(max, readTotal),
      disk,
      idle,
      billed: 0,
      unobserved: 0,
      unobservedCompute: unobservedComputePart(bucket, likely, disk),
      isAtLeast,
      ...approximate,
    }
  const readDisk = lastReading === null || lastReading === 'absent' ? disk : lastReading.disk
  return {
    min: Math.max(min, readTotal),
    likely: readTotal,
    max: Math.max(max, readTotal),
    disk: readDisk,
    idle: idlePart(idle, readTotal, likely),
    billed: 0,
    unobserved: unobservedPart(bucket, readTotal),
    unobservedCompute: unobservedComputePart(bucket, readTotal, readDisk),
    isAtLeast,
    ...approximate,
  }
}

/** Scales the observed idle cost to a lower effective cost. What only a bill knows was not observed to be idle. */
const idlePart = (idle: NanoUsd, counted: NanoUsd, observed: NanoUsd): NanoUsd =>
  observed === 0 ? 0 : Math.min(counted, Math.round(idle * Math.min(1, counted / observed)))

import { HOUR_MS, MINUTE_MS } from '../../base/time'
import type { NanoUsd } from './amounts'

/** What a bill says of one hour of one subject. */
export interface BilledAmount {
  readonly total: NanoUsd
  readonly disk: NanoUsd
}

/** A bill that was read, and does not name the hour: that is not zero. */
export type BillReading = BilledAmount | 'absent'

/** One hour of one subject: what was seen of it, and what its bill says. Amounts are nano-dollars. */
export interface HourBucket {
  /** By what was seen: at least, likely, at most. */
  min: NanoUsd
  likely: NanoUsd
  max: NanoUsd
  /** The parts of `likely` for disks, and while it idled. */
  disk: NanoUsd
  idle: NanoUsd
  /** For how long it was on, milliseconds. */
  onMs: number
  /** A rate was not known: it may have cost more than `max`. */
  isAtLeast: boolean
  /** The last that a bill said; null: none was read. */
  lastReading: BillReading | null
  /** When that was read first, and last: Unix ms. */
  firstReadMs: number
  lastReadMs: number
  /** What two reads agreed on once the hour was long over. */
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

/** A bill is believed once its hour ended this long ago. Source: product rules, "Money". */
export const SETTLED_AFTER_MS = 3 * HOUR_MS
/** Two reads nearer to each other are one. */
const MIN_READ_GAP_MS = 10 * MINUTE_MS

/**
 * Takes in what a bill said of the hour that ends at `endMs`; the same read twice is one, and an older one changes
 * nothing. True: it became final, or another final.
 */
export function applyReading(
  bucket: HourBucket,
  reading: BillReading,
  requestedAtMs: number,
  endMs: number,
): boolean {
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

/** What an hour counts for. Amounts are nano-dollars. */
export interface HourAmount {
  readonly min: NanoUsd
  readonly likely: NanoUsd
  readonly max: NanoUsd
  readonly disk: NanoUsd
  readonly idle: NanoUsd
  /** The part that is final by the bills. */
  readonly billed: NanoUsd
  readonly isAtLeast: boolean
}

/** For so long a bill that says less than what was surely seen may yet be corrected. */
const CORRECTION_WINDOW_MS = 3 * 24 * HOUR_MS

/** Bills where they are final, else the larger of bill and what was seen. Source: product rules, "Money". */
export function hourAmount(bucket: HourBucket): HourAmount {
  const { finalReading, lastReading, min, likely, max, disk, idle, isAtLeast } = bucket
  const mayBeCorrected = bucket.lastReadMs - bucket.firstReadMs < CORRECTION_WINDOW_MS
  if (finalReading === 'absent')
    // Nobody billed it, so that only what was surely there counts.
    return {
      min,
      likely: min,
      max: mayBeCorrected ? max : min,
      disk: Math.min(disk, min),
      idle: idlePart(idle, min, likely),
      billed: 0,
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
      isAtLeast,
    }
  return {
    min: Math.max(min, readTotal),
    likely: readTotal,
    max: Math.max(max, readTotal),
    disk: lastReading === null || lastReading === 'absent' ? disk : lastReading.disk,
    idle: idlePart(idle, readTotal, likely),
    billed: 0,
    isAtLeast,
  }
}

/** The idle part of what was seen, of what counts. */
const idlePart = (idle: NanoUsd, counted: NanoUsd, observed: NanoUsd): NanoUsd =>
  observed === 0 ? 0 : Math.min(counted, Math.round(counted * (idle / observed)))

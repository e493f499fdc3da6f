import { HOUR_MS, MINUTE_MS } from '../../base/time'
import type { NanoUsd } from './amounts'

/** What a bill says of one hour of one subject. */
export interface Billed {
  readonly total: NanoUsd
  readonly disk: NanoUsd
}

/** A bill that was read, and does not name the hour: that is not zero. */
export type Reading = Billed | 'absent'

/** One hour of one subject: what was seen of it, and what its bill says. Amounts are nano-dollars. */
export interface Bucket {
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
  read: Reading | null
  /** When that was read first, and last: Unix ms. */
  readFirstMs: number
  readLastMs: number
  /** What two reads agreed on once the hour was long over. */
  final: Reading | null
}

export const emptyBucket = (): Bucket => ({
  min: 0,
  likely: 0,
  max: 0,
  disk: 0,
  idle: 0,
  onMs: 0,
  isAtLeast: false,
  read: null,
  readFirstMs: 0,
  readLastMs: 0,
  final: null,
})

/** A bill is believed once its hour ended this long ago. Source: product rules, "Money". */
export const RIPE_MS = 3 * HOUR_MS
/** Two reads nearer to each other are one. */
const APART_MS = 10 * MINUTE_MS

/**
 * Takes in what a bill said of the hour that ends at `endMs`; the same read twice is one, and an older one changes
 * nothing. True: it became final, or another final.
 */
export function takeReading(bucket: Bucket, reading: Reading, askedAtMs: number, endMs: number): boolean {
  if (askedAtMs <= bucket.readLastMs) return false
  const isRipe = askedAtMs - endMs >= RIPE_MS
  const wasRipe = bucket.readFirstMs - endMs >= RIPE_MS
  const isSame = bucket.read !== null && areEqual(bucket.read, reading)
  bucket.readLastMs = askedAtMs
  if (!isSame || (isRipe && !wasRipe)) {
    bucket.read = reading
    bucket.readFirstMs = askedAtMs
    return false
  }
  if (!isRipe || askedAtMs - bucket.readFirstMs < APART_MS) return false
  if (bucket.final !== null && areEqual(bucket.final, reading)) return false
  bucket.final = reading
  return true
}

const areEqual = (a: Reading, b: Reading): boolean =>
  a === 'absent' || b === 'absent' ? a === b : a.total === b.total && a.disk === b.disk

/** What an hour counts for. Amounts are nano-dollars. */
export interface Amount {
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
const CORRECTED_WITHIN_MS = 3 * 24 * HOUR_MS

/** Bills where they are final, else the larger of bill and what was seen. Source: product rules, "Money". */
export function amountOf(bucket: Bucket): Amount {
  const { final, read, min, likely, max, disk, idle, isAtLeast } = bucket
  const mayBeCorrected = bucket.readLastMs - bucket.readFirstMs < CORRECTED_WITHIN_MS
  if (final === 'absent')
    // Nobody billed it, so that only what was surely there counts.
    return {
      min,
      likely: min,
      max: mayBeCorrected ? max : min,
      disk: Math.min(disk, min),
      idle: partOf(idle, min, likely),
      billed: 0,
      isAtLeast: false,
    }
  if (final !== null) {
    const { total } = final
    return {
      min: total,
      likely: total,
      max: mayBeCorrected && total < min ? max : total,
      disk: final.disk,
      idle: partOf(idle, total, likely),
      billed: total,
      isAtLeast: false,
    }
  }
  const soFar = read === null || read === 'absent' ? 0 : read.total
  if (soFar <= likely)
    return { min: Math.max(min, soFar), likely, max: Math.max(max, soFar), disk, idle, billed: 0, isAtLeast }
  return {
    min: Math.max(min, soFar),
    likely: soFar,
    max: Math.max(max, soFar),
    disk: read === null || read === 'absent' ? disk : read.disk,
    idle: partOf(idle, soFar, likely),
    billed: 0,
    isAtLeast,
  }
}

/** The idle part of what was seen, of what counts. */
const partOf = (idle: NanoUsd, counted: NanoUsd, seen: NanoUsd): NanoUsd =>
  seen === 0 ? 0 : Math.min(counted, Math.round(counted * (idle / seen)))

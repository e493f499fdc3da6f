import { MINUTE_MS } from '../../base/time/time'
import { approximatePart, type NanoUsdPerHour } from './amounts'
import { type BillingState, withLastKnownRate } from './billing-state'

/**
 * The cost per hour of a subject from `fromMs` to `toMs` (Unix ms): at least `min`, at most `max`, and
 * probably `likely`. Rates are in nano-dollars per hour.
 */
export interface CostInterval {
  readonly fromMs: number
  readonly toMs: number
  readonly min: NanoUsdPerHour
  readonly likely: NanoUsdPerHour
  readonly max: NanoUsdPerHour
  /** The part of `likely` for disks. */
  readonly disk: NanoUsdPerHour
  readonly isOn: boolean
  /** A rate is unknown, so the cost may exceed `max`. */
  readonly isAtLeast: boolean
  /** A rate is from a price list. `min` is 0 then: it confirms nothing. */
  readonly isApproximate?: true
}

/**
 * Whether a pod's `cost` includes its disks, as learned from its bills; null: not known yet. See
 * docs/product-rules.md#52-spent-this-month.
 */
export type DisksIn = 'bill' | 'cost' | null

/** A pod that boots for longer may have been stopped in the meantime. */
const BOOT_MS = 30 * MINUTE_MS

/** The state of a subject at one moment. */
export interface BillingObservation {
  readonly atMs: number
  readonly billingState: BillingState
}

/**
 * The cost of a subject between two observations. If it was on in both with the same start time, it ran in
 * between. Where it could have stopped or started unobserved, the cost is a range. See
 * docs/product-rules.md#52-spent-this-month.
 */
export function intervalsBetween(
  before: BillingObservation,
  after: BillingObservation,
  disksIn: DisksIn,
): readonly CostInterval[] {
  const [fromMs, toMs] = [before.atMs, after.atMs]
  const a = ratesOf(before.billingState, disksIn)
  const b = ratesOf(withLastKnownRate(after.billingState, before.billingState), disksIn)
  const wasOn = before.billingState.kind !== 'off'
  const isOn = after.billingState.kind !== 'off'
  const startedMs = startWithin(before, after)
  if (wasOn && isOn && startedMs === null) {
    // Between two boots, or between a run and a boot, it was stopped.
    const isThrough = after.billingState.kind === 'on' || before.billingState.kind === 'booting'
    if (isThrough) return intervalsOfChange(fromMs, toMs, a.on, b.on)
    return [rangeOf(fromMs, toMs, a.on, [a.off, b.on])]
  }
  if (!wasOn && !isOn && startedMs === null) return intervalsOfChange(fromMs, toMs, a.off, b.off)
  if (isOn && startedMs !== null) {
    const hasBooted = before.billingState.kind === 'booting' && startedMs - fromMs <= BOOT_MS
    const untilStart = hasBooted
      ? intervalsOfChange(fromMs, startedMs, a.on, b.on)
      : wasOn
        ? splitInHalves(fromMs, startedMs, a.on, a.off, [b.on])
        : [rangeOf(fromMs, startedMs, a.off, [b.on])]
    return [...untilStart, withLowerMinimum(startedMs, toMs, b.on)]
  }
  // It is off after it was on or ran in between, or it is on and the API does not report its start.
  if (startedMs !== null && !wasOn)
    return [
      rangeOf(fromMs, startedMs, a.off, [b.on]),
      ...splitInHalves(startedMs, toMs, b.on, b.off, [a.off]),
    ]
  return splitInHalves(fromMs, toMs, wasOn ? a.on : a.off, isOn ? b.on : b.off, [a.off, b.off])
}

/** The cost of a new subject from its creation to its first observation; nothing before `sinceMs` counts. */
export function intervalsOfNew(
  after: BillingObservation,
  sinceMs: number,
  disksIn: DisksIn,
): readonly CostInterval[] {
  const { billingState, atMs } = after
  const { on, off } = ratesOf(billingState, disksIn)
  const createdMs = Math.max(sinceMs, billingState.createdAtMs ?? billingState.startedAtMs ?? atMs)
  if (createdMs >= atMs) return []
  const startedMs = Math.min(atMs, Math.max(createdMs, billingState.startedAtMs ?? atMs))
  const isBoot = startedMs - createdMs <= BOOT_MS
  const before = rangeOf(createdMs, startedMs, isBoot ? on : off, [on, off])
  if (billingState.kind !== 'off')
    return [withLowerMinimum(createdMs, startedMs, before), withLowerMinimum(startedMs, atMs, on)]
  return [before, ...splitInHalves(startedMs, atMs, on, off, [])].map((each) =>
    withLowerMinimum(each.fromMs, each.toMs, each),
  )
}

/**
 * At the very first observation of an account, a running pod has run since its start. One whose service says only when
 * it was created has probably run since then, and possibly not at all; nothing is known about others.
 */
export function intervalsOfFirst(
  after: BillingObservation,
  sinceMs: number,
  disksIn: DisksIn,
): readonly CostInterval[] {
  const { kind, startedAtMs, createdAtMs } = after.billingState
  const onSinceMs = startedAtMs ?? createdAtMs
  if (kind !== 'on' || onSinceMs === null) return []
  const fromMs = Math.max(sinceMs, onSinceMs)
  if (fromMs >= after.atMs) return []
  const { on } = ratesOf(after.billingState, disksIn)
  return startedAtMs === null
    ? [rangeOf(fromMs, after.atMs, on, [zeroRates])]
    : [withLowerMinimum(fromMs, after.atMs, on)]
}

/** It was observed once and was gone at `goneMs`. */
export function intervalsOfGone(
  before: BillingObservation,
  goneMs: number,
  disksIn: DisksIn,
): readonly CostInterval[] {
  const { on, off } = ratesOf(before.billingState, disksIn)
  const last = before.billingState.kind === 'off' ? off : on
  // One that was off may have run once more.
  return splitInHalves(before.atMs, goneMs, last, zeroRates, [on, off])
}

/**
 * Only the last `certainMs` of the time that it was on is certain, as its own uptime says; before that it may have cost
 * only `offRate`, or nothing where that is unknown.
 */
export function withCertainTime(
  intervals: readonly CostInterval[],
  certainMs: number,
  offRate: NanoUsdPerHour | null,
): readonly CostInterval[] {
  let leftMs = Math.floor(certainMs)
  const newestFirst = [...intervals].reverse().flatMap((interval) => {
    const lengthMs = interval.toMs - interval.fromMs
    if (!interval.isOn || lengthMs <= leftMs) {
      if (interval.isOn) leftMs -= lengthMs
      return [interval]
    }
    const splitMs = interval.toMs - leftMs
    const certain = leftMs === 0 ? [] : [{ ...interval, fromMs: splitMs }]
    leftMs = 0
    return [...certain, { ...interval, toMs: splitMs, min: Math.min(interval.min, offRate ?? 0) }]
  })
  return newestFirst.reverse()
}

/** The moment of a start between two observations; null when the API reports none. */
function startWithin(before: BillingObservation, after: BillingObservation): number | null {
  const { startedAtMs } = after.billingState
  if (startedAtMs === null || startedAtMs === before.billingState.startedAtMs) return null
  return startedAtMs > before.atMs && startedAtMs <= after.atMs ? startedAtMs : null
}

type HourlyRates = Omit<CostInterval, 'fromMs' | 'toMs'>

const zeroRates: HourlyRates = { min: 0, likely: 0, max: 0, disk: 0, isOn: false, isAtLeast: false }

function ratesOf(
  { computeRate, onDiskRate, offRate, isApproximate }: BillingState,
  disksIn: DisksIn,
): { on: HourlyRates; off: HourlyRates } {
  const compute = computeRate ?? 0
  const disk = onDiskRate ?? 0
  const off = offRate ?? 0
  return {
    on: {
      min: isApproximate ? 0 : compute + (disksIn === 'bill' ? disk : 0),
      likely: compute + (disksIn === 'cost' ? 0 : disk),
      max: compute + (disksIn === 'cost' ? 0 : disk),
      disk: disksIn === 'cost' ? Math.min(disk, compute) : disk,
      isOn: true,
      isAtLeast: computeRate === null || (onDiskRate === null && disksIn !== 'cost'),
      ...(isApproximate && { isApproximate }),
    },
    off: {
      min: isApproximate ? 0 : off,
      likely: off,
      max: off,
      disk: off,
      isOn: false,
      isAtLeast: offRate === null,
      ...(isApproximate && { isApproximate }),
    },
  }
}

const exactInterval = (fromMs: number, toMs: number, rates: HourlyRates): CostInterval => ({
  fromMs,
  toMs,
  ...rates,
})

/**
 * For a run of which only the end was observed: its disk may have grown since, so it may have cost less
 * before.
 */
const withLowerMinimum = (fromMs: number, toMs: number, rates: HourlyRates): CostInterval => ({
  ...rates,
  fromMs,
  toMs,
  min: Math.max(0, Math.min(rates.min, rates.likely - rates.disk)),
})

/** Probably `likely`, possibly any of the others. */
function rangeOf(
  fromMs: number,
  toMs: number,
  likely: HourlyRates,
  others: readonly HourlyRates[],
): CostInterval {
  const all = [likely, ...others]
  return {
    ...likely,
    fromMs,
    toMs,
    min: Math.min(...all.map(({ min }) => min)),
    max: Math.max(...all.map(({ max }) => max)),
    isAtLeast: all.some(({ isAtLeast }) => isAtLeast),
    ...approximatePart(all.some(({ isApproximate }) => isApproximate === true)),
  }
}

/** The change happened at an unknown moment, so the midpoint is assumed. */
function splitInHalves(
  fromMs: number,
  toMs: number,
  first: HourlyRates,
  second: HourlyRates,
  others: readonly HourlyRates[],
): readonly CostInterval[] {
  const middleMs = Math.floor((fromMs + toMs) / 2)
  return [
    rangeOf(fromMs, middleMs, first, [second, ...others]),
    rangeOf(middleMs, toMs, second, [first, ...others]),
  ]
}

const intervalsOfChange = (
  fromMs: number,
  toMs: number,
  a: HourlyRates,
  b: HourlyRates,
): readonly CostInterval[] =>
  a.min === b.min && a.max === b.max && a.disk === b.disk
    ? [exactInterval(fromMs, toMs, b)]
    : splitInHalves(fromMs, toMs, a, b, [])

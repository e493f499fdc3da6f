import { MINUTE_MS } from '../../base/time'
import type { NanoUsdPerHour } from './amounts'
import type { Standing } from './billing-state'

/**
 * What something cost per hour from `fromMs` to `toMs` (Unix ms): no less than `min`, no more than `max`, and `likely`
 * by what is known. Rates are nano-dollars per hour.
 */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly min: NanoUsdPerHour
  readonly likely: NanoUsdPerHour
  readonly max: NanoUsdPerHour
  /** The part of `likely` that disks cost. */
  readonly disk: NanoUsdPerHour
  readonly isOn: boolean
  /** A rate is not known, so that it may have cost more than `max`. */
  readonly isAtLeast: boolean
}

/** Whether a pod's `cost` holds its disks: settled by its bills; null: not yet. Product rules, "Money". */
export type DisksIn = 'bill' | 'cost' | null

/** A pod that boots for longer was perhaps stopped meanwhile. */
const BOOT_MS = 30 * MINUTE_MS

/** A look: how something stood, and when. */
export interface Look {
  readonly atMs: number
  readonly standing: Standing
}

/**
 * What something cost between two looks. Seen on twice with the same start, it ran through; where it could have
 * stopped or started without being seen, what that leaves open is a range. Source: product rules, "Money".
 */
export function stretchesBetween(before: Look, after: Look, disksIn: DisksIn): readonly Stretch[] {
  const [fromMs, toMs] = [before.atMs, after.atMs]
  const a = ratesOf(before.standing, disksIn)
  const b = ratesOf({ ...after.standing, computeRate: computeOf(before, after) }, disksIn)
  const wasOn = before.standing.kind !== 'off'
  const isOn = after.standing.kind !== 'off'
  const startedMs = startWithin(before, after)
  if (wasOn && isOn && startedMs === null) {
    // Between two boots, or from a run to a boot, it was stopped.
    const isThrough = after.standing.kind === 'on' || before.standing.kind === 'booting'
    if (isThrough) return changed(fromMs, toMs, a.on, b.on)
    return [either(fromMs, toMs, a.on, [a.off, b.on])]
  }
  if (!wasOn && !isOn && startedMs === null) return changed(fromMs, toMs, a.off, b.off)
  if (isOn && startedMs !== null) {
    const hasBooted = before.standing.kind === 'booting' && startedMs - fromMs <= BOOT_MS
    const untilStart = hasBooted
      ? changed(fromMs, startedMs, a.on, b.on)
      : wasOn
        ? halves(fromMs, startedMs, a.on, a.off, [b.on])
        : [either(fromMs, startedMs, a.off, [b.on])]
    return [...untilStart, perhapsSmaller(startedMs, toMs, b.on)]
  }
  // It ended off, after it was on or ran in between; or it is on and the API does not say since when.
  if (startedMs !== null && !wasOn)
    return [either(fromMs, startedMs, a.off, [b.on]), ...halves(startedMs, toMs, b.on, b.off, [a.off])]
  return halves(fromMs, toMs, wasOn ? a.on : a.off, isOn ? b.on : b.off, [a.off, b.off])
}

/** What something cost since it was made, at its first look; `sinceMs`: nothing before that is counted. */
export function stretchesOfNew(after: Look, sinceMs: number, disksIn: DisksIn): readonly Stretch[] {
  const { standing, atMs } = after
  const { on, off } = ratesOf(standing, disksIn)
  const createdMs = Math.max(sinceMs, standing.createdAtMs ?? standing.startedAtMs ?? atMs)
  if (createdMs >= atMs) return []
  const startedMs = Math.min(atMs, Math.max(createdMs, standing.startedAtMs ?? atMs))
  const isBoot = startedMs - createdMs <= BOOT_MS
  const before = either(createdMs, startedMs, isBoot ? on : off, [on, off])
  if (standing.kind !== 'off')
    return [perhapsSmaller(createdMs, startedMs, before), perhapsSmaller(startedMs, atMs, on)]
  return [before, ...halves(startedMs, atMs, on, off, [])].map((each) =>
    perhapsSmaller(each.fromMs, each.toMs, each),
  )
}

/** At the very first look at an account: a pod that runs has run since its start, and of others nothing is known. */
export function stretchesOfFirst(after: Look, sinceMs: number, disksIn: DisksIn): readonly Stretch[] {
  const { kind, startedAtMs } = after.standing
  if (kind !== 'on' || startedAtMs === null) return []
  const fromMs = Math.max(sinceMs, startedAtMs)
  return fromMs < after.atMs ? [perhapsSmaller(fromMs, after.atMs, ratesOf(after.standing, disksIn).on)] : []
}

/** It was there at a look, and gone at `goneMs`. */
export function stretchesOfGone(before: Look, goneMs: number, disksIn: DisksIn): readonly Stretch[] {
  const { on, off } = ratesOf(before.standing, disksIn)
  const last = before.standing.kind === 'off' ? off : on
  // One that was off may have run once more.
  return halves(before.atMs, goneMs, last, nothing, [on, off])
}

/** The moment of a start between the two looks; null: none that the API tells of. */
function startWithin(before: Look, after: Look): number | null {
  const { startedAtMs } = after.standing
  if (startedAtMs === null || startedAtMs === before.standing.startedAtMs) return null
  return startedAtMs > before.atMs && startedAtMs <= after.atMs ? startedAtMs : null
}

/** One that is off does not say what it costs when it is on. */
const computeOf = (before: Look, after: Look) =>
  after.standing.kind === 'off'
    ? (after.standing.computeRate ?? before.standing.computeRate)
    : after.standing.computeRate

interface Rates {
  readonly min: NanoUsdPerHour
  readonly likely: NanoUsdPerHour
  readonly max: NanoUsdPerHour
  readonly disk: NanoUsdPerHour
  readonly isOn: boolean
  readonly isAtLeast: boolean
}

const nothing: Rates = { min: 0, likely: 0, max: 0, disk: 0, isOn: false, isAtLeast: false }

function ratesOf(
  { computeRate, onDiskRate, offRate }: Standing,
  disksIn: DisksIn,
): { on: Rates; off: Rates } {
  const compute = computeRate ?? 0
  const disk = onDiskRate ?? 0
  const off = offRate ?? 0
  return {
    on: {
      min: compute + (disksIn === 'bill' ? disk : 0),
      likely: compute + (disksIn === 'cost' ? 0 : disk),
      max: compute + (disksIn === 'cost' ? 0 : disk),
      disk: disksIn === 'cost' ? Math.min(disk, compute) : disk,
      isOn: true,
      isAtLeast: computeRate === null || (onDiskRate === null && disksIn !== 'cost'),
    },
    off: { min: off, likely: off, max: off, disk: off, isOn: false, isAtLeast: offRate === null },
  }
}

const exactly = (fromMs: number, toMs: number, rates: Rates): Stretch => ({ fromMs, toMs, ...rates })

/** A run that was seen only at its end: its disk may have grown since, so that it cost less before. */
const perhapsSmaller = (fromMs: number, toMs: number, rates: Rates): Stretch => ({
  ...rates,
  fromMs,
  toMs,
  min: Math.max(0, Math.min(rates.min, rates.likely - rates.disk)),
})

/** `likely`, or perhaps any of the others. */
function either(fromMs: number, toMs: number, likely: Rates, others: readonly Rates[]): Stretch {
  const all = [likely, ...others]
  return {
    ...likely,
    fromMs,
    toMs,
    min: Math.min(...all.map(({ min }) => min)),
    max: Math.max(...all.map(({ max }) => max)),
    isAtLeast: all.some(({ isAtLeast }) => isAtLeast),
  }
}

/** From one to the other at an unknown moment, likely in the middle. */
function halves(
  fromMs: number,
  toMs: number,
  first: Rates,
  second: Rates,
  others: readonly Rates[],
): readonly Stretch[] {
  const middleMs = Math.floor((fromMs + toMs) / 2)
  return [
    either(fromMs, middleMs, first, [second, ...others]),
    either(middleMs, toMs, second, [first, ...others]),
  ]
}

const changed = (fromMs: number, toMs: number, a: Rates, b: Rates): readonly Stretch[] =>
  a.min === b.min && a.max === b.max && a.disk === b.disk
    ? [exactly(fromMs, toMs, b)]
    : halves(fromMs, toMs, a, b, [])

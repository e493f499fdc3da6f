import type { ActivityLimits } from './activity-limits'
import { type IdleTally, isIdle, TOLERANCE_MS } from './oracle-idle'
import type { Observation } from './virtual-provider'

/*
 * How long a pod was quiet: idle throughout, its CPU at rest, and no memory value changed by 2 points. See
 * docs/product-rules.md#25-quiet. As in oracle-idle.ts, the result is an upper and a lower bound.
 *
 * Whoever looked inside, or whose rule counts a low CPU as idle, may take samples as quiet whose CPU cannot be told
 * from outside; whoever looked inside may also ignore memory.
 */

const STEADY_POINTS = 2

/** What may be taken as quiet besides what is so from outside. */
export interface QuietLeniency {
  readonly isUnclearQuiet: boolean
  readonly isMemoryIgnored: boolean
}

export const fromOutside: QuietLeniency = { isUnclearQuiet: false, isMemoryIgnored: false }

interface QuietSample {
  readonly atMs: number
  readonly isUnclear: boolean
  readonly memory: readonly number[]
}

/** A lower bound: the time that certainly counts as quiet up to the newest sample. */
interface CertainQuiet {
  readonly sinceMs: number
  readonly countedMs: number
  readonly lastAtMs: number
  readonly lowest: readonly number[]
  readonly highest: readonly number[]
}

/** One pod's consecutive samples that were idle and showed no work. */
export interface QuietRecord {
  readonly samples: QuietSample[]
  /** By what can be told from outside. */
  certain: CertainQuiet | null
  /** If samples whose CPU is undecided are quiet. */
  lenient: CertainQuiet | null
}

export const newQuietRecord = (): QuietRecord => ({ samples: [], certain: null, lenient: null })

/** Records an observation that has just changed `before` to `after`. */
export function recordQuiet(
  record: QuietRecord,
  before: IdleTally,
  after: IdleTally,
  { sample }: Observation,
  limits: ActivityLimits,
): void {
  if (after === before || sample === null) {
    if (after.truth === 'not-running') resetQuiet(record)
    return
  }
  const isOtherRun = after.looseSinceMs !== before.looseSinceMs && after.looseSinceMs === after.lastAtMs
  if (isOtherRun) resetQuiet(record)
  if (after.truth === 'unknown') {
    // Missing data pauses; figures that show work in an incomplete reply may count as that.
    if (sample.telemetry !== null && showsWork(sample.telemetry)) resetCertainQuiet(record)
    return
  }
  if (!isIdle(after.truth) || after.truth === 'active') {
    resetQuiet(record)
    return
  }
  const atMs = after.lastAtMs
  const last = record.samples.at(-1)
  if (last !== undefined && atMs - last.atMs > limits.gapMs + TOLERANCE_MS) resetQuiet(record)
  const isUnclear = after.truth === 'unclear'
  record.samples.push({ atMs, isUnclear, memory: sample.memory })
  record.certain = isUnclear ? null : withSample(record.certain, atMs, sample.memory, limits)
  record.lenient = withSample(record.lenient, atMs, sample.memory, limits)
}

function withSample(
  before: CertainQuiet | null,
  atMs: number,
  memory: readonly number[],
  { countedMs, gapMs }: ActivityLimits,
): CertainQuiet {
  const start = { sinceMs: atMs, countedMs: 0, lastAtMs: atMs, lowest: memory, highest: memory }
  if (before === null || atMs - before.lastAtMs > gapMs) return start
  const lowest = memory.map((value, at) => Math.min(value, before.lowest[at] ?? value))
  const highest = memory.map((value, at) => Math.max(value, before.highest[at] ?? value))
  if (!highest.every((value, at) => value - (lowest[at] ?? value) < STEADY_POINTS)) return start
  const intervalMs = atMs - before.lastAtMs
  return {
    sinceMs: before.sinceMs,
    countedMs: before.countedMs + (intervalMs <= countedMs ? intervalMs : 0),
    lastAtMs: atMs,
    lowest,
    highest,
  }
}

const showsWork = ({ cpuUtilPercent, gpus }: NonNullable<Observation['pod']['telemetry']>): boolean =>
  (cpuUtilPercent ?? 0) >= 3 || gpus.some(({ utilPercent }) => (utilPercent ?? 0) >= 5)

export function resetCertainQuiet(record: QuietRecord): void {
  record.certain = null
  record.lenient = null
}

export function resetQuiet(record: QuietRecord): void {
  record.samples.length = 0
  resetCertainQuiet(record)
}

/** Upper bound in ms: back from the newest observation for as long as it may have been quiet. */
export function quietAtMostMs(
  { samples }: QuietRecord,
  { isUnclearQuiet, isMemoryIgnored }: QuietLeniency,
  limits: ActivityLimits,
): number {
  const newest = samples.at(-1)
  if (newest === undefined) return 0
  const lowest = [...newest.memory]
  const highest = [...newest.memory]
  let [quietMs, sinceMs] = [0, newest.atMs]
  for (let at = samples.length - 1; at >= 0; at -= 1) {
    const one = samples[at]
    if (one === undefined || (one.isUnclear && !isUnclearQuiet)) break
    for (const [which, value] of one.memory.entries()) {
      lowest[which] = Math.min(value, lowest[which] ?? value)
      highest[which] = Math.max(value, highest[which] ?? value)
      if (!isMemoryIgnored && (highest[which] ?? 0) - (lowest[which] ?? 0) >= STEADY_POINTS) return quietMs
    }
    const intervalMs = sinceMs - one.atMs
    if (intervalMs <= limits.countedMs + TOLERANCE_MS) quietMs += intervalMs
    sinceMs = one.atMs
  }
  return quietMs
}

/** Lower bound in ms. */
export const quietAtLeastMs = (record: QuietRecord, isUnclearQuiet: boolean): number =>
  (isUnclearQuiet ? record.lenient : record.certain)?.countedMs ?? 0

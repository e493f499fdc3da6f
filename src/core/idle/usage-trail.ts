import { HOUR_MS, MINUTE_MS } from '../base/time/time'

/** What one sample of a running pod says about its use. */
export interface TrailSample {
  /** Unix ms. */
  readonly atMs: number
  /** 0–100; null: unknown. */
  readonly utilPercent: number | null
  readonly kind: 'busy' | 'idle' | 'unknown'
}

/** The use of a pod around one moment. */
export interface UsagePoint {
  /** Unix ms. */
  readonly atMs: number
  /** The mean, 0–100; null: unknown or not observed, and nothing joins the points before and after it. */
  readonly utilPercent: number | null
  /** It was observed to be idle, and at no time busy. */
  readonly isIdle: boolean
}

/** How far back a trail reaches. */
export const TRAIL_MS = 6 * HOUR_MS
/** One point stands for so long. */
export const TRAIL_STEP_MS = 3 * MINUTE_MS
const STEPS = TRAIL_MS / TRAIL_STEP_MS
/**
 * Samples further apart are not joined, because the time between them is unobserved:
 * docs/product-rules.md#24-imperfect-telemetry
 */
export const MAX_GAP_MS = 5 * MINUTE_MS

const NOTHING = 255
const IDLE = 1
const BUSY = 2
const AFTER_GAP = 4

/** The use of one pod in the last six hours, for sparklines, in two bytes for every three minutes. */
export interface UsageTrail {
  /** Samples come in the order of their time. A late one is left out; a clock that is set back starts anew. */
  add(sample: TrailSample): void
  /**
   * Puts samples from before the first one in front, as another program recorded them, in the order of their time.
   * Later ones are left out. Changes nothing while there is no sample yet.
   */
  precede(samples: readonly TrailSample[]): void
  /** Oldest first. */
  points(): readonly UsagePoint[]
}

export function createUsageTrail(): UsageTrail {
  const utils = new Uint8Array(STEPS)
  const flags = new Uint8Array(STEPS)
  const slot = (step: number): number => ((step % STEPS) + STEPS) % STEPS
  let firstStep = 0
  let lastStep = -1
  let firstAtMs = Number.NEGATIVE_INFINITY
  let lastAtMs = Number.NEGATIVE_INFINITY
  /** Of the known samples of the last step. */
  let sum = 0
  let count = 0

  function begin(step: number): void {
    if (lastStep < firstStep || step - lastStep >= STEPS) firstStep = step
    // The steps between are not observed.
    else for (let between = lastStep + 1; between < step; between++) clear(between)
    clear(step)
    lastStep = step
    firstStep = Math.max(firstStep, step - STEPS + 1)
    sum = 0
    count = 0
  }

  function clear(step: number): void {
    utils[slot(step)] = NOTHING
    flags[slot(step)] = 0
  }

  function add({ atMs, utilPercent, kind }: TrailSample): void {
    const step = Math.floor(atMs / TRAIL_STEP_MS)
    if (atMs < lastAtMs) {
      if (lastAtMs - atMs <= MAX_GAP_MS) return
      lastStep = firstStep - 1
      lastAtMs = Number.NEGATIVE_INFINITY
    }
    const isAfterGap = atMs - lastAtMs > MAX_GAP_MS
    if (lastStep < firstStep) firstAtMs = atMs
    if (step !== lastStep || lastStep < firstStep) begin(step)
    lastAtMs = atMs
    const at = slot(step)
    if (utilPercent !== null) {
      sum += Math.min(100, Math.max(0, utilPercent))
      count += 1
      utils[at] = Math.round(sum / count)
    }
    flags[at] =
      (flags[at] ?? 0) | (kind === 'idle' ? IDLE : kind === 'busy' ? BUSY : 0) | (isAfterGap ? AFTER_GAP : 0)
  }

  function precede(samples: readonly TrailSample[]): void {
    if (lastStep < firstStep) return
    const own = {
      utils: utils.slice(),
      flags: flags.slice(),
      firstStep,
      lastStep,
      firstAtMs,
      lastAtMs,
      sum,
      count,
    }
    lastStep = firstStep - 1
    lastAtMs = Number.NEGATIVE_INFINITY
    for (const sample of samples) if (sample.atMs < own.firstAtMs) add(sample)
    const isGap = own.firstAtMs - lastAtMs > MAX_GAP_MS
    for (let step = own.firstStep; step <= own.lastStep; step++) {
      if (step !== lastStep || lastStep < firstStep) begin(step)
      utils[slot(step)] = own.utils[slot(step)] ?? NOTHING
      flags[slot(step)] = own.flags[slot(step)] ?? 0
    }
    flags[slot(own.firstStep)] = ((flags[slot(own.firstStep)] ?? 0) & ~AFTER_GAP) | (isGap ? AFTER_GAP : 0)
    ;({ lastAtMs, sum, count } = own)
  }

  return {
    add,
    precede,
    points() {
      const points: UsagePoint[] = []
      for (let step = firstStep; step <= lastStep; step++) {
        const [util = NOTHING, flag = 0] = [utils[slot(step)], flags[slot(step)]]
        const startMs = step * TRAIL_STEP_MS
        if (util === NOTHING || ((flag & AFTER_GAP) !== 0 && points.length > 0))
          points.push({ atMs: startMs, utilPercent: null, isIdle: false })
        if (util === NOTHING) continue
        const atMs = step === lastStep ? lastAtMs : startMs + TRAIL_STEP_MS / 2
        points.push({ atMs, utilPercent: util, isIdle: (flag & (IDLE | BUSY)) === IDLE })
      }
      return points
    },
  }
}

import { formatUsd } from '../base/format'
import { HOUR_MS, MINUTE_MS } from '../base/time'
import type { PodCost } from '../money/costs/pod-cost'
import type { PodKey } from '../pods/pod'
import { isActive, type Job } from './jobs/job'
import { MAX_JOBS } from './jobs/job-codec'

/**
 * How sure the cost of a run is. `at-least`: some of its time was not observed, or a price was not known. `estimated`:
 * nothing was counted, so it is the price of its start by its time.
 */
export type CostKind = 'counted' | 'at-least' | 'estimated'

/** What a run costs. Null: not known. */
export interface RunCost {
  readonly costUsd: number | null
  readonly costKind: CostKind
}

/** When a run is, Unix ms. */
export interface RunTimes {
  readonly startedAtMs: number
  /** Null: it goes on. */
  readonly endedAtMs: number | null
}

/** Polls are so far apart. */
const UNOBSERVED_TOLERANCE_MS = 3 * MINUTE_MS
/** After that nothing more of a run is counted, except by a bill. */
const COUNTED_AFTER_MS = 10 * MINUTE_MS

export function runTimes({ run, phaseAt, phase }: Pick<Job, 'run' | 'phaseAt' | 'phase'>): RunTimes | null {
  if (run === null) return null
  return {
    startedAtMs: run.startedAtMs ?? run.requestedAt.wallMs,
    endedAtMs: isActive({ phase }) ? null : (run.endedAtMs ?? phaseAt.wallMs),
  }
}

/** The costs of runs by the ledger. That of a run that ended is remembered. */
export function createRunCosts(
  costOf: (key: PodKey, fromMs: number, toMs: number) => PodCost | null,
): (job: Job, nowMs: number) => RunCost {
  const known = new Map<string, RunCost>()

  return (job, nowMs) => {
    const { run } = job
    const times = runTimes(job)
    if (run === null || times === null) return { costUsd: null, costKind: 'estimated' }
    const before = known.get(run.id)
    if (before !== undefined) return before
    const { startedAtMs, endedAtMs } = times
    const toMs = Math.max(startedAtMs, endedAtMs ?? nowMs)
    const share =
      run.gpuIndexes === null || run.podGpuCount === null ? 1 : run.gpuIndexes.length / run.podGpuCount
    const counted = costOf(run.podKey, startedAtMs, toMs)
    const estimatedUsd =
      run.perHourUsd === null ? null : (run.perHourUsd * share * (toMs - startedAtMs)) / HOUR_MS
    if (counted === null) return { costUsd: estimatedUsd, costKind: 'estimated' }
    const isWhole = !counted.isAtLeast && counted.unobservedMs <= UNOBSERVED_TOLERANCE_MS
    const cost: RunCost = { costUsd: counted.usd * share, costKind: isWhole ? 'counted' : 'at-least' }
    if (endedAtMs !== null && nowMs - endedAtMs >= COUNTED_AFTER_MS) {
      if (known.size >= 2 * MAX_JOBS) known.clear()
      known.set(run.id, cost)
    }
    return cost
  }
}

/** "$1.20", "at least $1.20", "about $1.20", or "unknown". */
export function runCostText({ costUsd, costKind }: RunCost): string {
  if (costUsd === null) return 'unknown'
  const usd = formatUsd(costUsd)
  return costKind === 'counted' ? usd : `${costKind === 'at-least' ? 'at least' : 'about'} ${usd}`
}

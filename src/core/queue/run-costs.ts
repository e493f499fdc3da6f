import { formatUsd } from '../base/text/format'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { PodCost } from '../money/costs/pod-cost'
import type { PodKey } from '../pods/pod'
import type { Job } from './jobs/job'
import { isActive, MAX_JOBS } from './jobs/job-phase'

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

/**
 * When its pod is paid for, Unix ms, by the clock of this computer. What the pod says of its times may be wrong, or be
 * made up: it only counts as far as the job can have run between its request and what was seen of its end.
 */
function paidTimes(
  { run, spec, phase, phaseAt }: Job,
  nowMs: number,
): { fromMs: number; toMs: number } | null {
  if (run === null) return null
  const { startedAtMs, endedAtMs } = run
  const earliestMs = run.requestedAt.wallMs
  const latestMs = Math.max(earliestMs, isActive({ phase }) ? nowMs : phaseAt.wallMs)
  const within = (ms: number): number => Math.min(latestMs, Math.max(earliestMs, ms))
  const beganMs = within(startedAtMs ?? earliestMs)
  // A clock that is wrong still tells how long it took.
  const tookMs =
    startedAtMs === null || endedAtMs === null
      ? within(endedAtMs ?? latestMs) - beganMs
      : Math.max(0, endedAtMs - startedAtMs)
  const paidMs = Math.min(tookMs, latestMs - earliestMs, spec.maxSeconds * SECOND_MS + MINUTE_MS)
  const fromMs = Math.min(beganMs, latestMs - paidMs)
  return { fromMs, toMs: fromMs + paidMs }
}

/** The costs of runs by the ledger. That of a run that ended is remembered. */
export function createRunCosts(
  costOf: (key: PodKey, fromMs: number, toMs: number) => PodCost | null,
): (job: Job, nowMs: number) => RunCost {
  const known = new Map<string, RunCost>()

  return (job, nowMs) => {
    const { run } = job
    const times = paidTimes(job, nowMs)
    if (run === null || times === null) return { costUsd: null, costKind: 'estimated' }
    const before = known.get(run.id)
    if (before !== undefined) return before
    const { fromMs, toMs } = times
    const share =
      run.gpuIndexes === null || run.podGpuCount === null ? 1 : run.gpuIndexes.length / run.podGpuCount
    const counted = costOf(run.podKey, fromMs, toMs)
    const estimatedUsd = run.perHourUsd === null ? null : (run.perHourUsd * share * (toMs - fromMs)) / HOUR_MS
    if (counted === null) return { costUsd: estimatedUsd, costKind: 'estimated' }
    const isWhole = !counted.isAtLeast && counted.unobservedMs <= UNOBSERVED_TOLERANCE_MS
    const cost: RunCost = { costUsd: counted.usd * share, costKind: isWhole ? 'counted' : 'at-least' }
    if (!isActive(job) && nowMs - toMs >= COUNTED_AFTER_MS) {
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

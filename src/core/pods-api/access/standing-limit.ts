import { DAY_MS } from '../../base/time/time'
import type { AccountId, PodId } from '../../pods/pod'

/** What a person lets an agent do without asking. What isn't given lets it do nothing of that kind. */
export interface StandingLimit {
  /** USD per hour of all pods together that it started and that still run. */
  readonly maxHourlyUsd: number | null
  /** USD in 30 days of all that it starts: the price of each for its maximum hours. */
  readonly maxTotalUsd: number | null
  /** The commands that it may add as jobs, each exactly so. */
  readonly jobCommands: readonly string[]
}

/** A pod that an agent started without asking. */
export interface AgentStart {
  readonly id: string
  readonly agent: string
  readonly accountId: AccountId
  /** Null: it isn't known which pod it became. */
  readonly podId: PodId | null
  readonly perHourUsd: number
  /** Null: nothing stops it by then. */
  readonly maxHours: number | null
  /** Unix ms. */
  readonly atMs: number
}

/** For so long a start counts. */
export const AGENT_STARTS_KEPT_MS = 30 * DAY_MS

/**
 * Whether a person need not be asked. `earlier`: what the agent started in the last 30 days. `mayRun`: false for a pod
 * that was observed not to run. See docs/product-rules.md#163-agents.
 */
export function isWithinLimit(
  { maxHourlyUsd, maxTotalUsd }: StandingLimit,
  start: Pick<AgentStart, 'perHourUsd' | 'maxHours'>,
  earlier: readonly AgentStart[],
  mayRun: (start: AgentStart) => boolean,
): boolean {
  if (maxHourlyUsd === null && maxTotalUsd === null) return false
  const hourlyUsd = sum([start, ...earlier.filter(mayRun)].map(({ perHourUsd }) => perHourUsd))
  const totalUsd = sum(
    [start, ...earlier].map(({ perHourUsd, maxHours }) => perHourUsd * (maxHours ?? Infinity)),
  )
  return hourlyUsd <= (maxHourlyUsd ?? Infinity) && totalUsd <= (maxTotalUsd ?? Infinity)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

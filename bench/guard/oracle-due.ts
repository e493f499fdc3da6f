import { HOUR_MS, SECOND_MS } from '../../src/core/base/time/time'
import type { PodRules } from '../../src/core/pod-rules/pod-rules'
import type { IdleTally } from './oracle-idle'

/*
 * How long a pod has at most left until it certainly exceeds its maximum hours or its budget, based only on what the
 * program could read. Both need its status, its start and its price, and not its utilization. Spending counts only the
 * present run at its present price.
 */

export interface DueFacts {
  readonly rules: PodRules
  readonly tally: Pick<IdleTally, 'uptimeS' | 'uptimeAtMs'>
  readonly hasStartTime: boolean
  /** Null: unknown. */
  readonly costPerHourUsd: number | null
  /** When something last stopped or set a clock of the program. */
  readonly disturbedAtMs: number
  readonly trueMs: number
  readonly wallMs: number
}

/** Time left at most, ms; null: there is no such limit, or it is unknown. */
export function leftAtMostMs(cause: 'max-hours' | 'budget', facts: DueFacts): number | null {
  const { rules, tally, trueMs, wallMs } = facts
  if (tally.uptimeS === null || !facts.hasStartTime) return null
  // Time that nothing disturbed has passed for the program as well, with figures or without.
  const sinceReadMs = tally.uptimeAtMs > facts.disturbedAtMs ? trueMs - tally.uptimeAtMs : 0
  const ranMs = tally.uptimeS * SECOND_MS + sinceReadMs
  if (cause === 'max-hours') return rules.maxHours === undefined ? null : rules.maxHours * HOUR_MS - ranMs
  const { costPerHourUsd } = facts
  if (rules.atBudget !== 'stop' || rules.monthlyBudgetUsd === undefined) return null
  if (costPerHourUsd === null || costPerHourUsd <= 0) return null
  const inMonthMs = Math.min(ranMs, wallMs - monthStartMs(wallMs))
  const leftMs = (rules.monthlyBudgetUsd / costPerHourUsd) * HOUR_MS - inMonthMs
  // In the next month it starts over.
  return wallMs + leftMs < monthEndMs(wallMs) ? leftMs : null
}

/** Start of the UTC month, Unix ms. */
export function monthStartMs(atMs: number): number {
  const at = new Date(atMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth())
}

function monthEndMs(atMs: number): number {
  const at = new Date(atMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1)
}

import type { Settings } from '../../src/core/settings/settings'
import { HOUR_MS, SECOND_MS } from '../../src/core/base/time'
import type { PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Observation } from './virtual-provider'

/*
 * Determines since when a pod has certainly exceeded its maximum hours or its budget, based only on what the program
 * could read. Spending counts only the present run at its present price, and is ignored once a clock was set.
 */

export const dueCauses = ['max-hours', 'budget'] as const
export type DueCause = (typeof dueCauses)[number]

export type DueSince = Readonly<Record<DueCause, number | null>>

export const notDue: DueSince = { 'max-hours': null, budget: null }

export interface DueFacts {
  readonly rules: PodRules
  readonly observation: Observation
  /** Nothing prevents a stop. */
  readonly isFree: boolean
  readonly trueMs: number
  readonly wallMs: number
  readonly wasClockSet: boolean
}

/** The record after one more list. */
export function updateDueSince(before: DueSince, facts: DueFacts): DueSince {
  const after = (cause: DueCause): number | null =>
    facts.isFree && isConfirmedDue(cause, facts) ? (before[cause] ?? facts.trueMs) : null
  return { 'max-hours': after('max-hours'), budget: after('budget') }
}

function isConfirmedDue(cause: DueCause, facts: DueFacts): boolean {
  const { rules, observation, wallMs, wasClockSet } = facts
  const { pod, sample } = observation
  const uptimeS = sample?.telemetry?.uptimeS ?? null
  if (wasClockSet || uptimeS === null) return false
  const ranMs = uptimeS * SECOND_MS
  if (cause === 'max-hours') return rules.maxHours !== undefined && ranMs >= rules.maxHours * HOUR_MS
  if (rules.atBudget !== 'stop' || rules.monthlyBudgetUsd === undefined || pod.costPerHourUsd === null)
    return false
  const inMonthMs = Math.min(ranMs, wallMs - monthStartMs(wallMs))
  return (inMonthMs / HOUR_MS) * pod.costPerHourUsd > rules.monthlyBudgetUsd
}

/** Start of the UTC month, Unix ms. */
export function monthStartMs(atMs: number): number {
  const at = new Date(atMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth())
}

/** How long a stop may take once it is certainly due: its warnings, and a poll for each to be acknowledged. */
export const dueWithinMs = ({ autoStopFirstWarningMin, pollActiveS }: Settings): number =>
  autoStopFirstWarningMin * 60 * SECOND_MS + 6 * pollActiveS * SECOND_MS + 20 * SECOND_MS

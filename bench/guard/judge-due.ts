import type { Settings } from '../../src/core/settings/settings'
import { HOUR_MS, SECOND_MS } from '../../src/core/base/time'
import type { PodRules } from '../../src/core/pod-rules/pod-rules'
import type { Observation } from './virtual-provider'

/*
 * Since when a pod's maximum hours are over, or its budget is spent, so that nobody who read what the program read could
 * doubt it. Of a pod's money that is its present run at its present price, and nothing once a clock was set.
 */

export const dueCauses = ['max-hours', 'budget'] as const
export type DueCause = (typeof dueCauses)[number]

export type DueSince = Readonly<Record<DueCause, number | null>>

export const notDue: DueSince = { 'max-hours': null, budget: null }

export interface DueFacts {
  readonly rules: PodRules
  readonly observation: Observation
  /** Nothing forbids a stop. */
  readonly isFree: boolean
  readonly trueMs: number
  readonly wallMs: number
  readonly wasClockSet: boolean
}

/** The record after one more list. */
export function withList(before: DueSince, facts: DueFacts): DueSince {
  const after = (cause: DueCause): number | null =>
    facts.isFree && isSurelyDue(cause, facts) ? (before[cause] ?? facts.trueMs) : null
  return { 'max-hours': after('max-hours'), budget: after('budget') }
}

function isSurelyDue(cause: DueCause, facts: DueFacts): boolean {
  const { rules, observation, wallMs, wasClockSet } = facts
  const { pod, look } = observation
  const uptimeS = look?.telemetry?.uptimeS ?? null
  if (wasClockSet || uptimeS === null) return false
  const ranMs = uptimeS * SECOND_MS
  if (cause === 'max-hours') return rules.maxHours !== undefined && ranMs >= rules.maxHours * HOUR_MS
  if (rules.atBudget !== 'stop' || rules.monthlyBudgetUsd === undefined || pod.costPerHourUsd === null)
    return false
  const inMonthMs = Math.min(ranMs, wallMs - monthStartMs(wallMs))
  return (inMonthMs / HOUR_MS) * pod.costPerHourUsd > rules.monthlyBudgetUsd
}

/** By UTC. */
export function monthStartMs(atMs: number): number {
  const at = new Date(atMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth())
}

/** How long a stop may take from when it is surely due: its warnings, and a poll for each to be heard. */
export const dueWithinMs = ({ autoStopFirstWarningMin, pollActiveS }: Settings): number =>
  autoStopFirstWarningMin * 60 * SECOND_MS + 6 * pollActiveS * SECOND_MS + 20 * SECOND_MS

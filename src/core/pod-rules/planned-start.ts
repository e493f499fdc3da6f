import { DAY_MS } from '../base/time/time'
import type { PodRuleChanges, PodRules } from './pod-rules'

/* A start of a stopped pod at a time that a person chose, once. See docs/product-rules.md#31-rules. */

export interface PlannedStart {
  /** Unix ms. */
  readonly atMs: number
  /** USD per hour. */
  readonly maxPerHourUsd: number
}

/** Null: none is planned. */
export function plannedStartOf({ startAt, startMaxPerHourUsd }: PodRules): PlannedStart | null {
  if (startAt === undefined || startMaxPerHourUsd === undefined) return null
  return { atMs: Date.parse(startAt), maxPerHourUsd: startMaxPerHourUsd }
}

/** As long ahead as a time of day with a weekday can be, and some. */
const MAX_AHEAD_MS = 8 * DAY_MS

/** Why a planned start is invalid after `changes`, as a sentence; null: it is valid, or nothing of it changed. */
export function plannedStartProblem(
  { startAt, startMaxPerHourUsd, maxHours }: PodRules,
  changes: PodRuleChanges,
  nowMs: number,
): string | null {
  const isTouched = ['startAt', 'startMaxPerHourUsd', 'maxHours'].some((name) => Object.hasOwn(changes, name))
  if (!isTouched || startAt === undefined) return null
  if (startMaxPerHourUsd === undefined)
    return 'A planned start needs the most that the pod may cost per hour.'
  if (maxHours === undefined)
    return 'A planned start needs maximum hours, after which the pod is stopped again. Set them first, and keep them.'
  const aheadMs = Date.parse(startAt) - nowMs
  if (changes.startAt !== undefined && (aheadMs <= 0 || aheadMs > MAX_AHEAD_MS))
    return 'A planned start must be within the next 8 days.'
  return null
}

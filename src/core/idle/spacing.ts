import type { ActivityRules } from './sample'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import { measuredCadenceMs, type RefreshCadence } from './refresh-cadence'

/** With polls further apart than usual, intervals of this many spacings count, and longer gaps are survived. */
const COUNTED_SPACINGS = 2
const GAP_SPACINGS = 3

/**
 * The limits while polls are `spacingMs` apart, so that a tight quota does not end idle detection. See
 * docs/product-rules.md#13-polling.
 */
export function withSpacing(rules: ActivityRules, spacingMs: number): ActivityRules {
  const countedIntervalMs = Math.max(rules.countedIntervalMs, COUNTED_SPACINGS * spacingMs)
  const gapMs = Math.max(rules.gapMs, GAP_SPACINGS * spacingMs)
  return countedIntervalMs === rules.countedIntervalMs && gapMs === rules.gapMs
    ? rules
    : { ...rules, countedIntervalMs, gapMs }
}

/** Figures that change more rarely are not judged. */
export const MAX_CADENCE_MS = 5 * MINUTE_MS
/** A refresh is seen by the poll after it, and one poll may fail. */
const REFRESH_SLACK_MS = 30 * SECOND_MS

/**
 * The limits while the figures of a pod change at this cadence: what lies between two refreshes counts, and what is
 * longer doesn't. See docs/product-rules.md#28-what-the-api-reports.
 */
export function withCadence(rules: ActivityRules, cadence: RefreshCadence): ActivityRules {
  const withinMs = refreshWithinMs(cadence)
  if (withinMs === null) return rules
  const countedIntervalMs = Math.max(rules.countedIntervalMs, withinMs)
  const gapMs = Math.max(rules.gapMs, GAP_SPACINGS * (withinMs - REFRESH_SLACK_MS))
  return countedIntervalMs === rules.countedIntervalMs && gapMs === rules.gapMs
    ? rules
    : { ...rules, countedIntervalMs, gapMs }
}

/** Within which time of the last refresh the next one is seen, ms; null: not measured, or too rare to be judged. */
export function refreshWithinMs(cadence: RefreshCadence): number | null {
  const everyMs = measuredCadenceMs(cadence)
  return everyMs === null || everyMs > MAX_CADENCE_MS ? null : everyMs + REFRESH_SLACK_MS
}

/** The planned intervals between polls that still matter, oldest first, each shorter than those before it. */
export type Spacings = readonly { readonly spacingMs: number; readonly at: Instant }[]

/** Adds the interval until the next poll, as planned at `at`. */
export function addSpacing(spacings: Spacings, spacingMs: number, at: Instant): Spacings {
  const others = spacings.filter((other) => other.spacingMs > spacingMs && isInEffect(other, at))
  return [...others, { spacingMs, at }]
}

/**
 * The largest spacing in effect at `now`, ms; 0 when none was planned. One that was planned before stays in effect
 * for as long as the gap that it allows, so that a spacing that shrinks does not cut what was observed before.
 */
export function spacingAt(spacings: Spacings, now: Instant): number {
  return spacings.find((spacing) => isInEffect(spacing, now))?.spacingMs ?? 0
}

function isInEffect({ spacingMs, at }: Spacings[number], now: Instant): boolean {
  return elapsedMs(at, now) <= GAP_SPACINGS * spacingMs
}

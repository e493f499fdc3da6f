import type { ActivityRules } from './sample'
import { elapsedMs, type Instant } from '../base/time/time'

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

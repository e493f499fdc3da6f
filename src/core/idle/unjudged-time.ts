import { decisiveReport } from './reported-idle'
import { countedMs, isContinuous } from './idle-episode'
import type { ActivityRules, Sample, SampleLabel, UnknownReason } from './sample'
import type { Instant } from '../base/time/time'

/** Time in which no source could say what a pod does. See docs/product-rules.md#33-missing-data. */
export interface UnjudgedTime {
  readonly lastAt: Instant
  /** Observed time, ms. */
  readonly forMs: number
  /** How many of its samples are unknown for each reason. */
  readonly counts: ReadonlyMap<UnknownReason, number>
}

/**
 * The unjudged time after one more sample; null: there is none, because the sample is judged or the pod boots.
 * `uptimeMs`: for how long the pod has run at least.
 */
export function updateUnjudgedTime(
  before: UnjudgedTime | null,
  sample: Sample,
  label: SampleLabel,
  uptimeMs: number,
  rules: ActivityRules,
): UnjudgedTime | null {
  if (label.kind !== 'unknown' || label.reason === 'booting' || uptimeMs < rules.bootMs) return null
  if (sample.isJudgedInside === true || decisiveReport(sample, label, rules) !== null) return null
  const { at } = sample
  const continued = before !== null && isContinuous(before.lastAt, at, rules) ? before : null
  if (continued === null) return { lastAt: at, forMs: 0, counts: new Map([[label.reason, 1]]) }
  const { forMs, counts } = continued
  return {
    lastAt: at,
    forMs: forMs + countedMs(continued.lastAt, at, rules),
    counts: new Map(counts).set(label.reason, (counts.get(label.reason) ?? 0) + 1),
  }
}

/** Why most of its samples are unknown: now and then figures are missing altogether. */
export function unjudgedReason({ counts }: UnjudgedTime): UnknownReason {
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? 'no-samples'
}

import type { Instant } from '../base/time/time'
import { leftOutFigures } from './absent-figures'
import type { ActivityFold } from './activity-fold'
import { cadenceText } from './idle-text'
import { cadenceMs, isAtEachReading } from './refresh-cadence'

/** What was measured of the metrics that the API reports of a pod. See docs/product-rules.md#28-what-the-api-reports. */
export interface ReportedMetrics {
  readonly everyMs: number
  /** Each reading had new metrics, so that they may change more often. */
  readonly isAtLeast: boolean
  readonly missing: readonly ('CPU' | 'memory')[]
}

/** Null until it was measured. */
export function reportedMetrics(
  { cadence, presence }: ActivityFold,
  expectedGpus: number | null,
  now: Instant,
): ReportedMetrics | null {
  const everyMs = cadenceMs(cadence)
  if (everyMs === null) return null
  const { cpu, memory } = leftOutFigures(presence, expectedGpus, now)
  return {
    everyMs,
    isAtLeast: isAtEachReading(cadence),
    missing: [...(cpu ? ['CPU' as const] : []), ...(memory ? ['memory' as const] : [])],
  }
}

/** "Runpod refreshes these figures every 30 s; it reports no CPU." */
export function reportedMetricsText(
  { everyMs, isAtLeast, missing }: ReportedMetrics,
  service: string,
): string {
  const often = `${service} refreshes these figures ${isAtLeast ? 'at least ' : ''}every ${cadenceText(everyMs)}`
  return missing.length === 0 ? `${often}.` : `${often}; it reports no ${missing.join(' or ')}.`
}

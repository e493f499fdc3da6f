import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import { leftOutFigures } from './absent-figures'
import type { ActivityFold } from './activity-fold'
import { measuredCadenceMs } from './refresh-cadence'
import type { Sample } from './sample'

/**
 * Why metrics can't show whether a pod was quiet: its CPU or memory leaves it open (docs/product-rules.md#25-quiet), its
 * metrics are refreshed too rarely, some never come, or all are missing (#28-what-the-api-reports).
 */
export interface QuietDoubt {
  readonly about: 'cpu' | 'memory' | 'cadence' | 'cpu-missing' | 'memory-missing' | 'no-metrics'
  /** How long it was quiet if nothing worked in it, ms. */
  readonly quietForMs: number
  readonly vcpuCount: number | null
  /** The percentage that its CPU stayed below. */
  readonly belowCpuPercent: number
  /** The part of that time in which its CPU was at rest and its memory changed, ms. Absent: none. */
  readonly memoryMovedMs?: number
  /** With `cadence`: how often its metrics are refreshed, ms. */
  readonly cadenceMs?: number
}

/** Whether "Low CPU is idle" decides the doubt. */
export const isAboutUse = ({ about }: QuietDoubt): boolean => about === 'cpu' || about === 'memory'

/** Above it, the figures of a pod may alert, and don't suffice for a stop. Uptimes of replicas differ by seconds. */
const STOP_CADENCE_MS = MINUTE_MS + 5 * SECOND_MS

/** Why what the API reports of a pod doesn't suffice to stop it; null: it does. */
export function limitOf(
  { cadence, figures, presence }: ActivityFold,
  { at, expectedGpus }: Sample,
): QuietDoubt['about'] | null {
  if ((figures?.insideSamples ?? 0) > 0) return 'no-metrics'
  const leftOut = leftOutFigures(presence, expectedGpus, at)
  if (leftOut.cpu) return 'cpu-missing'
  if (leftOut.memory) return 'memory-missing'
  return (measuredCadenceMs(cadence) ?? 0) > STOP_CADENCE_MS ? 'cadence' : null
}

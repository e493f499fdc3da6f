import type { ActivityLimits } from './activity-limits'
import type { DuePod } from './due-pod'
import { TOLERANCE_MS } from './oracle-idle'
import { fromOutside, quietAtMostMs } from './oracle-quiet'
import type { WatchedPod } from './watched-pod'

/*
 * Memory that moves after a warning holds the stop until it was still for the whole time of the rule, or a look from
 * inside decides. See docs/product-rules.md#25-quiet.
 */

/** How much quiet time memory that moved takes away, ms, if an undecided CPU was at rest. */
export function movedMsOf({ quiet }: WatchedPod, limits: ActivityLimits): number {
  const leniency = { ...fromOutside, isUnclearQuiet: true }
  return (
    quietAtMostMs(quiet, { ...leniency, isMemoryIgnored: true }, limits) -
    quietAtMostMs(quiet, leniency, limits)
  )
}

/** Whether memory changed after the last warning, which was about the idle time that continues. */
export function isHeldByMemory(pod: WatchedPod, { quietWarning }: DuePod, limits: ActivityLimits): boolean {
  const firstAtMs = pod.quiet.samples[0]?.atMs ?? Infinity
  return (
    quietWarning !== null &&
    firstAtMs <= quietWarning.atMs &&
    movedMsOf(pod, limits) > quietWarning.movedMs + TOLERANCE_MS
  )
}

/** Whether the CPU, or missing figures, may have called off what was warned of. */
export function isWarningObsolete(
  { quiet }: WatchedPod,
  { quietWarning }: DuePod,
  { limits: { gapMs }, pollMs }: { readonly limits: ActivityLimits; readonly pollMs: number },
): boolean {
  if (quietWarning === null) return false
  const since = quiet.samples.filter(({ atMs }) => atMs >= quietWarning.atMs - gapMs)
  const hasPause = since.some(({ atMs }, at) => atMs - (since[at - 1]?.atMs ?? atMs) > gapMs - pollMs)
  return since.length === 0 || hasPause || since.some(({ isUnclear }) => isUnclear)
}

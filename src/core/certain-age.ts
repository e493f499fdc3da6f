import type { Instant } from './time'
import { elapsedMs, SECOND_MS } from './time'

/**
 * How long a pod has run for certain, ms; null: Runpod does not say when it started. Its start is told in Runpod's time
 * and now in this computer's, which may jump. So the wall clock alone proves nothing: either the steady clock agrees,
 * counted from `watchedSince`, or the uptime that the pod itself reports does, which no clock of ours can change and
 * which counts on while this computer sleeps.
 */
export function certainAgeMs(
  startedAtMs: number | null,
  uptimeS: number | null,
  watchedSince: Instant,
  now: Instant,
): number | null {
  if (startedAtMs === null) return null
  const byWallMs = now.wallMs - startedAtMs
  const bySteadyMs = watchedSince.wallMs + elapsedMs(watchedSince, now) - startedAtMs
  return Math.min(byWallMs, Math.max(bySteadyMs, (uptimeS ?? 0) * SECOND_MS))
}

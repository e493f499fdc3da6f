import { SECOND_MS } from '../base/time'

/**
 * How long a pod has run for certain at `nowMs` (Unix ms), in milliseconds; null: that cannot be told. Its start is told
 * in Runpod's time and now in this computer's, which may be wrong by hours, and was perhaps before Podkeeper began to
 * look. So the uptime that the pod itself reports must agree: no clock of ours can change it, and it counts on while
 * this computer sleeps.
 */
export function certainAgeMs(
  startedAtMs: number | null,
  uptimeS: number | null,
  nowMs: number,
): number | null {
  if (startedAtMs === null || uptimeS === null) return null
  return Math.min(nowMs - startedAtMs, uptimeS * SECOND_MS)
}

import { SECOND_MS } from '../base/time'

/**
 * The confirmed uptime of a pod at `nowMs` (Unix ms), in milliseconds; null when unknown. The start time uses
 * Runpod's clock and `nowMs` this computer's, which may be wrong by hours, and the start may predate the
 * first poll. So the uptime that the pod itself reports must agree: no local clock affects it, and it
 * advances while this computer sleeps.
 */
export function confirmedUptimeMs(
  startedAtMs: number | null,
  uptimeS: number | null,
  nowMs: number,
): number | null {
  if (startedAtMs === null || uptimeS === null) return null
  return Math.min(nowMs - startedAtMs, uptimeS * SECOND_MS)
}

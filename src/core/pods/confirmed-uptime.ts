/** Uptimes of replicas and cached replies differ by up to this many seconds; a restart lowers them by more. */
export const UPTIME_TOLERANCE_S = 10

/**
 * The confirmed uptime of a pod at `nowMs` (Unix ms), in milliseconds; null when unknown. The start time uses
 * Runpod's clock and `nowMs` this computer's, which may be wrong by hours, and the start may predate the
 * first poll. So the observed uptime must agree, which the pod itself reports: no local wall clock
 * affects it.
 */
export function confirmedUptimeMs(
  startedAtMs: number | null,
  uptimeMs: number | null,
  nowMs: number,
): number | null {
  if (startedAtMs === null || uptimeMs === null) return null
  return Math.min(nowMs - startedAtMs, uptimeMs)
}

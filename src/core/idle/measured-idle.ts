import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { Activity, IdleActivity } from './activity'

/** For how long a pod was idle and quiet when its guard in it was read. See docs/product-rules.md#25-quiet. */
export interface MeasuredIdle {
  readonly at: Instant
  readonly idleForMs: number
}

/** Between two samples nothing is known, so that what was observed may begin a little later. */
const SLACK_MS = MINUTE_MS

/**
 * The activity with what was measured inside, which is longer where nobody looked from outside. It reaches back from
 * the reading and counts only if the pod was idle ever since, so that no moment counts twice, and no further than to the
 * last use that was seen from here (`usedAt`). Which episode it is, and since when, stays as observed.
 */
export function withMeasuredIdle(
  activity: Activity,
  measured: MeasuredIdle | null,
  usedAt: Instant | null,
  now: Instant,
): Activity {
  if (measured === null) return activity
  if (activity.kind === 'unknown' && activity.paused !== undefined)
    return { ...activity, paused: extend(activity.paused, measured, usedAt, now) }
  return activity.kind === 'idle' ? extend(activity, measured, usedAt, now) : activity
}

function extend(
  idle: IdleActivity,
  { at, idleForMs }: MeasuredIdle,
  usedAt: Instant | null,
  now: Instant,
): IdleActivity {
  const sinceMs = elapsedMs(at, now)
  const unusedMs = usedAt === null ? Number.POSITIVE_INFINITY : elapsedMs(usedAt, now)
  const wholeMs = Math.min(idleForMs + sinceMs, unusedMs)
  const isIdleSince = idle.idleForMs + SLACK_MS >= sinceMs
  if (!isIdleSince || idle.reportedMinutes !== undefined) return idle
  const lasting = (forMs: number): number => (forMs + SLACK_MS >= sinceMs ? Math.max(forMs, wholeMs) : forMs)
  const { doubt } = idle
  return {
    ...idle,
    idleForMs: Math.max(idle.idleForMs, wholeMs),
    quietForMs: lasting(idle.quietForMs),
    ...(doubt && { doubt: { ...doubt, quietForMs: lasting(doubt.quietForMs) } }),
  }
}

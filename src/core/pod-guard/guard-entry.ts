import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { Result } from '../base/result'
import type { Pod } from '../pods/pod'
import type { GuardReading } from './guard-in-pod-view'

/** What is known of the guard in one pod, and of the requests to it. */
export interface GuardEntry {
  reading: GuardReading | null
  /** Why it could not be read the last time. */
  failure: string | null
  lastTryAt: Instant | null
  /** The start of the pod's run at that time. */
  triedFor: number | null
  /** When it was read last while the pods could not be listed. */
  unlistedAt: Instant | null
  waitMs: number
  underWay: Promise<Result<void, string>> | null
  /** Rules changed while a request was under way. */
  isOutdated: boolean
  /** Since when holds could not be read in this run of the pod, although a stop waits for that. */
  holdsUnread: { readonly since: Instant; readonly startedAtMs: number | null } | null
  /** When the guard was asked to read its pod again, s since the machine started; null: never. */
  checkAskedAtS: number | null
}

/** A guard reads once a minute, and a request takes half of one, s. */
const CHECK_WITHIN_S = 180

/** Whether the guard was asked to read its pod again and hasn't said yet what came of it. */
export function isCheckPending({ reading, checkAskedAtS }: GuardEntry): boolean {
  const status = reading?.report.status ?? null
  if (reading === null || status === null || checkAskedAtS === null || status.isArmed) return false
  const passedS = reading.report.nowS - checkAskedAtS
  return status.beatS <= checkAskedAtS && passedS >= 0 && passedS < CHECK_WITHIN_S
}

/** For how long a stop waits for a guard that can't be read. */
const UNREAD_HOLDS_MS = 15 * MINUTE_MS

/**
 * Whether a stop may go by what is known of holds in the pod, after the guard was read or could not be: it waits for 15
 * min from the first try in this run of the pod. See docs/product-rules.md#37-two-machines.
 */
export function isHoldKnown(
  entry: GuardEntry,
  { startedAtMs }: Pick<Pod, 'startedAtMs'>,
  isRead: boolean,
  now: Instant,
): boolean {
  const known = entry.holdsUnread?.startedAtMs === startedAtMs ? entry.holdsUnread : null
  entry.holdsUnread = isRead ? null : (known ?? { since: now, startedAtMs })
  return entry.holdsUnread === null || elapsedMs(entry.holdsUnread.since, now) >= UNREAD_HOLDS_MS
}

export const emptyEntry = (waitMs: number): GuardEntry => ({
  reading: null,
  failure: null,
  lastTryAt: null,
  unlistedAt: null,
  triedFor: null,
  waitMs,
  underWay: null,
  isOutdated: false,
  checkAskedAtS: null,
  holdsUnread: null,
})

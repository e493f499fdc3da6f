import type { Instant } from '../base/time/time'
import type { Result } from '../base/result'
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
  /** When the pod was to be kept running until, as written from here, s since its machine started. */
  writtenKeepUntilS: number | null
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

export const emptyEntry = (waitMs: number): GuardEntry => ({
  reading: null,
  failure: null,
  lastTryAt: null,
  unlistedAt: null,
  triedFor: null,
  waitMs,
  underWay: null,
  isOutdated: false,
  writtenKeepUntilS: null,
  checkAskedAtS: null,
})

import type { Intent } from '../intents/intent'
import { elapsedMs, HOUR_MS, type Instant } from '../base/time'

/**
 * Counts the guard's actions that were sent within an hour, according to the journal. Actions of this run are
 * measured with the monotonic clock. Actions of earlier runs count during the first hour of this run if they
 * may have been sent in the hour before it: by the wall clock with an hour of tolerance for a clock change,
 * including those in the future.
 */
export function stopsWithinHour(intents: readonly Intent[], runSince: Instant, now: Instant): number {
  const isOfLastHour = ({ sentAt }: Intent): boolean => {
    if (sentAt === null) return false
    if (sentAt.runId === now.runId) return elapsedMs(sentAt, now) < HOUR_MS
    return elapsedMs(runSince, now) < HOUR_MS && now.wallMs - sentAt.wallMs < 2 * HOUR_MS
  }
  return intents.filter((intent) => intent.origin !== 'person' && isOfLastHour(intent)).length
}

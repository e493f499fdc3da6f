import type { Intent } from '../intents/intent'
import { elapsedMs, HOUR_MS, type Instant } from '../base/time'

/**
 * How many actions the guard has sent within an hour, as the journal tells. Those of this run by the clock that nobody
 * can set. Those of earlier runs count for the first hour of this one if they may have been in the hour before it: by
 * the wall clock, with an hour more for one that was set, and those from the future.
 */
export function stopsWithinHour(intents: readonly Intent[], runSince: Instant, now: Instant): number {
  const isOfLastHour = ({ sentAt }: Intent): boolean => {
    if (sentAt === null) return false
    if (sentAt.runId === now.runId) return elapsedMs(sentAt, now) < HOUR_MS
    return elapsedMs(runSince, now) < HOUR_MS && now.wallMs - sentAt.wallMs < 2 * HOUR_MS
  }
  return intents.filter((intent) => intent.origin !== 'person' && isOfLastHour(intent)).length
}

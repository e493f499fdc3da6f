import type { Intent } from '../../intents/intent'
import { elapsedMs, HOUR_MS, type Instant } from '../../base/time/time'

/**
 * Counts the runs of pods that the guard may have ended within an hour, according to the journal: requests that
 * were accepted or whose effect is unclear. One that was refused did nothing, and a second one for the same run ends
 * no further pod. Actions of this run of Podkeeper are measured with the monotonic clock. Actions of other runs
 * count for an hour after they became known here (`knownSince`), if they may have been sent in the hour before: by
 * the wall clock with an hour of tolerance for a clock change, including those in the future. See
 * docs/product-rules.md#36-limits-retries-and-switches.
 */
export function stopsWithinHour(intents: readonly Intent[], knownSince: KnownSince, now: Instant): number {
  const isOfLastHour = (intent: Intent): boolean => {
    const { sentAt } = intent
    if (sentAt === null) return false
    if (sentAt.runId === now.runId) return elapsedMs(sentAt, now) < HOUR_MS
    return elapsedMs(knownSince(intent), now) < HOUR_MS && now.wallMs - sentAt.wallMs < 2 * HOUR_MS
  }
  const stops = intents.filter(
    (intent) => intent.origin !== 'person' && intent.refusal === null && isOfLastHour(intent),
  )
  return new Set(stops.map(({ podId, podStartedAtMs }) => JSON.stringify([podId, podStartedAtMs]))).size
}

/** Since when an intent is known to this run: later than the run began, if another process handed it over. */
export type KnownSince = (intent: Pick<Intent, 'id'>) => Instant

/** Keeps track of when intents became known. Call `track` with all intents before they are asked about. */
export function createKnownSince(): {
  readonly track: (intents: readonly Intent[], now: Instant) => KnownSince
} {
  const firstSeen = new Map<string, Instant>()
  return {
    track(intents, now) {
      const ids = new Set(intents.map(({ id }) => id))
      for (const id of firstSeen.keys()) if (!ids.has(id)) firstSeen.delete(id)
      for (const id of ids) if (!firstSeen.has(id)) firstSeen.set(id, now)
      return ({ id }) => firstSeen.get(id) ?? now
    },
  }
}

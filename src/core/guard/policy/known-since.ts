import type { Intent } from '../../intents/intent'
import type { Instant } from '../../base/time/time'

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

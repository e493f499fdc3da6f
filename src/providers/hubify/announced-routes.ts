import { DAY_MS, type Instant } from '../../core/base/time/time'

/**
 * The routes that Hubify's documents call planned, and the creation of pods, which they show but don't list among the
 * shipped routes.
 */
export type AnnouncedRoute =
  | 'detail'
  | 'restart'
  | 'ssh'
  | 'terminate'
  | 'month-costs'
  | 'settings'
  | 'create'

/** Which announced routes the server may know, for all labs of a key. */
export interface AnnouncedRoutes {
  /** False for 24 h after the server replied that it does not know the route. */
  isOffered(route: AnnouncedRoute): boolean
  drop(route: AnnouncedRoute): void
}

export function createAnnouncedRoutes(now: () => Instant): AnnouncedRoutes {
  const droppedAtMs = new Map<AnnouncedRoute, number>()
  return {
    isOffered(route) {
      const atMs = droppedAtMs.get(route)
      return atMs === undefined || now().monotonicMs - atMs >= DAY_MS
    },
    drop(route) {
      droppedAtMs.set(route, now().monotonicMs)
    },
  }
}

import type { InsideVerdict } from '../../idle/inside/inside-look'
import type { ObservedPod } from '../../polling/fleet'

/** A pod as the policy sees it. */
export interface PolicyPod extends Pick<
  ObservedPod,
  'pod' | 'activity' | 'unjudged' | 'lacksFiguresForMs' | 'uptimeMs'
> {
  /** What a look from inside found, as far as it still holds. */
  readonly insideVerdict: InsideVerdict | null
  /** Why the last look failed, as a clause; null if it didn't. */
  readonly lookObstacle: string | null
  /** Confirmed cost in this month (UTC), USD; null when not requested or unknown. */
  readonly spentUsd: number | null
  readonly hasOpenIntent: boolean
}

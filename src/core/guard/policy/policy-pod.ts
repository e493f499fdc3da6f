import type { Activity } from '../../idle/activity'
import type { UnjudgedTime } from '../../idle/unjudged-time'
import type { InsideVerdict } from '../../idle/inside/inside-look'
import type { Pod } from '../../pods/pod'

/** A pod as the policy sees it. */
export interface PolicyPod {
  readonly pod: Pod
  readonly activity: Activity
  /** Null while it is judged. */
  readonly unjudged: UnjudgedTime | null
  /** For how long its figures can't be judged, because some are missing or change too rarely, ms; null: they can. */
  readonly lacksFiguresForMs: number | null
  /** What a look from inside found, as far as it still holds. */
  readonly insideVerdict: InsideVerdict | null
  /** Why the last look failed, as a clause; null if it didn't. */
  readonly lookObstacle: string | null
  /** Confirmed uptime, ms; null when unknown. */
  readonly uptimeMs: number | null
  /** Confirmed cost in this month (UTC), USD; null when not requested or unknown. */
  readonly spentUsd: number | null
  readonly hasOpenIntent: boolean
}

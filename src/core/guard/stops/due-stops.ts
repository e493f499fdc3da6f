import type { Fleet } from '../../polling/fleet'
import { type StopCause, stopCauses } from '../../intents/intent'
import type { PodId } from '../../pods/pod'
import type { StopStatuses } from '../policy/stop-status'
import type { FindStopRetry } from '../policy/stop-retry'
import type { Instant } from '../../base/time/time'

/** A planned stop whose time has come. */
export interface DueStop {
  readonly podId: PodId
  readonly cause: StopCause
}

/**
 * The stops that are due, in the order in which they use up the hourly limit: those that never failed first, then
 * the most expensive; an unknown price comes last. See docs/product-rules.md#36-limits-retries-and-switches.
 */
export function dueStops(
  statuses: ReadonlyMap<PodId, StopStatuses>,
  fleet: Pick<Fleet, 'observedPod'>,
  findRetry: FindStopRetry,
  now: Instant,
): readonly DueStop[] {
  const due = [...statuses].flatMap(([podId, podStatuses]) =>
    stopCauses.flatMap((cause) => {
      const status = podStatuses[cause]
      if (status.kind !== 'planned' || status.leftMs > 0) return []
      const pod = fleet.observedPod(podId, now)?.pod
      const hasFailed = pod !== undefined && findRetry(pod, status.plan.action) !== null
      return [{ podId, cause, hasFailed, costPerHourUsd: pod?.costPerHourUsd ?? -1 }]
    }),
  )
  return due.sort((a, b) => Number(a.hasFailed) - Number(b.hasFailed) || b.costPerHourUsd - a.costPerHourUsd)
}

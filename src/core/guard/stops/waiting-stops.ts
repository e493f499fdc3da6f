import type { PendingAlert } from '../../alerts/alert'
import { stopCauses } from '../../intents/intent'
import type { AccountId, Pod, PodId } from '../../pods/pod'
import { stopsWaitingAlert } from '../policy/guard-text'
import type { StopStatuses } from '../policy/stop-status'
import { elapsedMs, HOUR_MS, type Instant } from '../../base/time/time'

/** The pods that only the hourly limit keeps from being stopped. */
export interface WaitingStops {
  /** Their alert, once per episode. Called after each evaluation with the pods that wait now. */
  update(pods: readonly Pod[], stopsPerHour: number, now: Instant): readonly PendingAlert[]
  /** The name of the current episode; null when no pod waits. */
  episode(): string | null
}

export function isWaitingForLimit(statuses: StopStatuses): boolean {
  return stopCauses.some((cause) => {
    const status = statuses[cause]
    const conditions = status.kind === 'planned' && status.leftMs <= 0 ? status.block?.conditions : undefined
    return conditions?.length === 1 && conditions[0] === 'under-hourly-limit'
  })
}

export function waitingPodIds(statuses: ReadonlyMap<PodId, StopStatuses>): readonly PodId[] {
  return [...statuses].flatMap(([podId, podStatuses]) => (isWaitingForLimit(podStatuses) ? [podId] : []))
}

export function createWaitingStops(accountId: AccountId): WaitingStops {
  let since: Instant | null = null
  let isEmpty = true

  return {
    update(pods, stopsPerHour, now) {
      isEmpty = pods.length === 0
      // The same limit still holds when no pod waits for one poll.
      if (isEmpty && since !== null && elapsedMs(since, now) >= HOUR_MS) since = null
      if (isEmpty) return []
      since ??= now
      return [stopsWaitingAlert(accountId, episodeOf(since), pods, stopsPerHour)]
    },
    episode: () => (isEmpty || since === null ? null : episodeOf(since)),
  }
}

const episodeOf = ({ runId, monotonicMs }: Instant): string => `${runId}:${Math.round(monotonicMs)}`

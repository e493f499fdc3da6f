import type { PendingAlert } from '../alerts/alert'
import { createSharedPodAlerts } from '../alerts/shared-pod-alerts'
import type { Instant } from '../base/time/time'
import type { PodJobs } from '../idle/sample'
import { isContinuous } from '../idle/idle-episode'
import { withSpacing } from '../idle/spacing'
import type { AccountContext } from '../pod-rules/account-context'
import type { AccountRulesStore } from '../pod-rules/pod-rules'
import { withGroupRules } from '../pod-rules/group-rules'
import { withJobHours } from '../pod-rules/job-hours'
import { withSharedRules } from '../pod-rules/shared-rules'
import type { Pod, PodId } from '../pods/pod'
import type { Fleet } from '../polling/fleet'
import type { ListResult } from '../polling/poller'
import { activityRulesOf } from '../settings/settings'
import { type AccountListing, type SharedPod, sharedPodsOf } from '../polling/shared-pods'

export interface SharedAccountContext extends Pick<
  AccountContext,
  'accountId' | 'clock' | 'accountRules' | 'settings'
> {
  /** The listings of all accounts of this program, this one included. Absent: there are no others. */
  readonly listings?: () => readonly AccountListing[]
  /** Absent: there is no queue of jobs. */
  readonly jobs?: Pick<PodJobs, 'maxHours'>
}

/**
 * What an account has in common with the others: one pod that two accounts show is watched by one. See
 * docs/product-rules.md#122-hubify.
 */
export interface SharedAccount {
  readonly listing: AccountListing
  readonly accountRules: AccountRulesStore
  sharedPods(): readonly SharedPod[]
  /** Whether another account watches this pod of a lab. */
  readonly isWatchedElsewhere: (podId: PodId) => boolean
  /** The pods that count for this account. */
  pods(): readonly Pod[]
  /** A list without the pods that another account watches. */
  ownPart(result: ListResult): ListResult
  readonly ownAlerts: (pending: readonly PendingAlert[]) => readonly PendingAlert[]
}

/** `isConnected`: its key is not refused, and the monitor runs. */
export function createSharedAccount(
  context: SharedAccountContext,
  fleet: Pick<Fleet, 'pod' | 'pods' | 'spacingMs'>,
  isConnected: () => boolean,
): SharedAccount {
  const { accountId, clock, listings = () => [] } = context
  const selectAlerts = createSharedPodAlerts()
  let listedAt: Instant | null = null

  const listing: AccountListing = {
    accountId,
    pod: (podId) => fleet.pod(podId),
    pods: () => fleet.pods(),
    isWatching() {
      const now = clock.now()
      const limits = withSpacing(activityRulesOf(context.settings()), fleet.spacingMs(now))
      return listedAt !== null && isConnected() && isContinuous(listedAt, now, limits)
    },
  }
  const sharedPods = (): readonly SharedPod[] => sharedPodsOf(listing, listings())
  const watchedElsewhere = (): ReadonlySet<PodId> =>
    new Set(sharedPods().flatMap((one) => (one.isWatchedElsewhere ? [one.podId] : [])))

  return {
    listing,
    accountRules: withGroupRules(
      withSharedRules(
        withJobHours(context.accountRules, accountId, context.jobs?.maxHours),
        sharedPods,
        () => clock.now().wallMs,
      ),
      accountId,
      () => fleet.pods(),
    ),
    sharedPods,
    isWatchedElsewhere: (podId) => watchedElsewhere().has(podId),
    pods() {
      const elsewhere = new Set(sharedPods().flatMap((one) => (one.isShownElsewhere ? [one.podId] : [])))
      return fleet.pods().filter(({ id }) => !elsewhere.has(id))
    },
    ownPart(result) {
      listedAt = result.at
      const elsewhere = watchedElsewhere()
      if (elsewhere.size === 0) return result
      return {
        ...result,
        listed: result.listed.filter(({ id }) => !elsewhere.has(id)),
        observed: result.observed.filter(({ pod }) => !elsewhere.has(pod.id)),
      }
    },
    ownAlerts: (pending) => selectAlerts(pending, watchedElsewhere(), clock.now().wallMs),
  }
}

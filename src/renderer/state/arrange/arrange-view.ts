import type { AccountId } from '../../../core/pods/pod'
import { accountName } from '../../../core/view/account-name'
import type { Snapshot } from '../../../core/view/snapshot'
import { arrangePods, type PodSection } from './arrange-pods'
import { filterPods, type PodGrouping, type PodsView } from './pod-filter'

/** The pods of what is shown that match `view`, arranged. */
export function arrangeView(snapshot: Snapshot | null, view: PodsView): readonly PodSection[] {
  const nameOf = (accountId: AccountId): string => accountName(snapshot, accountId) ?? ''
  const pods = filterPods(snapshot?.pods ?? [], view, nameOf)
  return arrangePods(pods, {
    order: view.order,
    isReversed: view.isReversed,
    nowMs: snapshot?.atMs ?? 0,
    nameOf,
    grouping: shownGrouping(snapshot, view),
    accountIds: (snapshot?.accounts ?? []).map(({ entry }) => entry.id),
  })
}

/** Accounts are groups only where several are shown. */
export function shownGrouping(
  snapshot: Pick<Snapshot, 'account' | 'accounts'> | null,
  { grouping }: Pick<PodsView, 'grouping'>,
): PodGrouping {
  const areSeveral = snapshot !== null && snapshot.account === null && snapshot.accounts.length > 1
  return grouping === 'account' && !areSeveral ? 'state' : grouping
}

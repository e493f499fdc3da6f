import type { AccountId } from '../../core/pods/pod'
import { partOf } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { AccountBadge } from './account-badge'

/** Which account something belongs to. Renders nothing with one account. */
export function AccountLabel({ accountId }: { readonly accountId: AccountId | null }) {
  const entry = useSnapshotStore(({ snapshot }) =>
    snapshot === null || accountId === null || snapshot.accounts.length < 2
      ? undefined
      : partOf(snapshot, accountId)?.entry,
  )
  if (entry === undefined) return null
  return (
    <span className="account-label" title={entry.name}>
      <AccountBadge entry={entry} />
      <span className="unseen">Account </span>
      <bdi>{entry.name}</bdi>
    </span>
  )
}

import type { AccountId } from '../../../core/pods/pod'
import { ALL_ACCOUNTS } from '../../../core/money/overall-budget'
import { partOf } from '../../../core/view/snapshot'
import { useSnapshotStore } from '../../state/window-context'
import { AccountBadge, AllAccountsBadge } from './account-badge'
import { uiText } from '../ui-text'

/** Which account something belongs to. Renders nothing with one account. */
export function AccountLabel({ accountId }: { readonly accountId: AccountId | null }) {
  const isSeveral = useSnapshotStore(({ snapshot }) => (snapshot?.accounts.length ?? 0) > 1)
  const entry = useSnapshotStore(({ snapshot }) =>
    snapshot === null || accountId === null ? undefined : partOf(snapshot, accountId)?.entry,
  )
  if (isSeveral && accountId === ALL_ACCOUNTS)
    return (
      <span className="account-label">
        <AllAccountsBadge />
        <bdi>{uiText.allAccounts}</bdi>
      </span>
    )
  if (!isSeveral || entry === undefined) return null
  return (
    <span className="account-label" title={entry.name}>
      <AccountBadge entry={entry} />
      <span className="unseen">{uiText.account} </span>
      <bdi>{entry.name}</bdi>
    </span>
  )
}
